# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What installation takes over from before, and what uninstallation takes along."""

from odoo.tools import SQL, split_every

#: how the names of our functions of the database begin
FUNCTIONS = "hr_commission_"

#: leads that are older than the addon and taken over at once; bounds the memory
ADOPTED_AT_ONCE = 1000


def post_init_hook(env):
    """Take over the leads that were there before: nothing is paid for the past.

    Their sources are not verified, their days are those of Odoo, and companies with
    such leads start with commissions today until somebody chooses another day.
    """
    leads = env["crm.lead"].with_context(active_test=False)
    former = leads.search([("commission_source", "=", False)])
    for ids in split_every(ADOPTED_AT_ONCE, former.ids):
        batch = leads.browse(ids)
        # first: a start that is set later counts what was won on that day already
        env["res.company"].union(
            *(lead._get_commission_company() for lead in batch)
        )._start_commissions_today()
        batch._adopt()
        env.flush_all()
        env.invalidate_all()


def uninstall_hook(env):
    """Take along what Odoo leaves when our tables and models go.

    Functions of the database are looked up, not listed: a list forgets the next one.
    """
    _forget_names_by_others(env)
    rows = env.execute_query(
        SQL(
            """SELECT oid::regprocedure::text FROM pg_proc
                WHERE starts_with(proname, %s)
                  AND pronamespace = current_schema()::regnamespace""",
            FUNCTIONS,
        )
    )
    for (signature,) in rows:
        env.cr.execute(SQL("DROP FUNCTION %s CASCADE", SQL(signature)))


def _forget_names_by_others(env):
    """Delete the external ids by which other addons know fields of our models.

    Whoever extends a mixin of ours, as calendar does with activities, names what our
    models get by it. Odoo deletes the records with us, and leaves the names.
    """
    env.cr.execute(
        SQL(
            """DELETE FROM ir_model_data
                WHERE name ~ '^(selection|model_inherit)__(hr_commission_|crm_touchpoint)'
                  AND NOT starts_with(module, 'hr_sales_commission')"""
        )
    )
