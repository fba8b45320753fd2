# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The first steps on the board: what is set up already and what comes next."""

from odoo import api, models
from odoo.tools.misc import formatLang

from ..pipeline.guides import get_guide_url
from ..pipeline.officers import OFFICER

#: what explains the pages of a role; the web client has a tour for each
GUIDES = {
    "own": "guides/salesperson.md",
    "manager": "guides/manager.md",
    "hr": "guides/hr.md",
    "payroll": "guides/payroll.md",
    "auditor": "guides/auditor.md",
}
#: so many people are named whom to ask
MOST_NAMES = 3


class HrCommissionBoard(models.AbstractModel):
    _inherit = "hr.commission.board"

    @api.model
    @api.readonly
    def get_first_steps(self):
        """Return the first steps of the selected companies, done or not.

        :return: ``onboarding`` (see :meth:`_get_steps`), ``sample`` (see
            :meth:`_get_sample`) and ``guides`` (see :meth:`_get_guides`), empty for people
            who do not set commissions up
        :rtype: dict
        """
        is_officer = self.env.user.has_group(OFFICER)
        return {
            "onboarding": self._get_steps(self.env.companies) if is_officer else [],
            "sample": self._get_sample(),
            "guides": self._get_guides() if is_officer else [],
        }

    def _get_guides(self):
        """Return what shows people around: for each ``role`` the ``url`` of its guide.

        :rtype: list[dict]
        """
        return [
            {"role": role, "url": get_guide_url(self.env, guide)}
            for role, guide in GUIDES.items()
        ]

    def _get_first_steps(self, companies):
        """Return the first steps as the board shows them.

        The ``onboarding`` is empty once all steps are done, for readers who dismissed
        it, and for people who do not set commissions up.

        :rtype: dict
        """
        return {
            "onboarding": self._get_onboarding(companies),
            "sample": self._get_sample(),
        }

    def _get_onboarding(self, companies):
        user = self.env.user
        if not user.has_group(OFFICER):
            return []
        if user.res_users_settings_id.is_commission_onboarding_dismissed:
            return []
        steps = self._get_steps(companies)
        return [] if all(step["done"] for step in steps) else steps

    def _get_sample(self):
        """Say how the reader stands to the sample data.

        :return: ``can_create``, and whether the current company ``is_current``
        :rtype: dict
        """
        return {
            "can_create": self.env.user.has_group(OFFICER),
            "is_current": self.env.company.is_commission_sample,
        }

    def _get_steps(self, companies):
        """Return the first steps in these companies.

        :return: ``id``, ``done`` and whether the reader ``can_open`` each step, else
            ``who`` can; what was begun is to ``resume`` (see :meth:`_describe_begun`);
            the start says what was ``found`` from before it
        :rtype: list[dict]
        """
        return [
            {
                "id": "plan",
                "done": self._has_plan(),
                "can_open": True,
                "resume": self._find_begun_plan(companies),
            },
            {
                "id": "roles",
                "done": self._has_roles(companies),
                **self._get_who("hr.group_hr_user", companies),
            },
            {"id": "sources", "done": self._has_sources(), "can_open": True},
            {
                "id": "start",
                "done": self._has_start(),
                "can_open": True,
                "found": self._describe_past(companies),
            },
            {
                "id": "history",
                "done": self._has_history(companies),
                **self._get_who("sales_team.group_sale_salesman", companies),
            },
            {
                "id": "simulation",
                "done": self._has_simulation(),
                "can_open": True,
                "resume": self._find_begun_simulation(),
            },
        ]

    def _get_who(self, group, companies):
        """Say whether the reader can do a step, else the names of who can.

        :param str group: who has the rights
        :rtype: dict
        """
        if self.env.user.has_group(group):
            return {"can_open": True}
        users = self.env["res.users"].sudo()  # sudo: names of colleagues to ask
        found = users.search(
            [
                ("all_group_ids", "in", self.env.ref(group).ids),
                ("company_ids", "in", companies.ids),
                ("share", "=", False),
            ],
            order="id",
            limit=MOST_NAMES,
        )
        return {"can_open": False, "who": found.mapped("name")}

    def _find_begun_plan(self, companies):
        """Return the plan that somebody drafted last and nobody put in force."""
        drafts = [
            ("company_id", "in", companies.ids),
            ("state", "=", "draft"),
            ("is_template", "=", False),
        ]
        return self._describe_begun("hr.commission.plan", drafts)

    def _find_begun_simulation(self):
        """Return the simulation that was prepared last and never run."""
        return self._describe_begun(
            "hr.commission.simulation", [("date_run", "=", False)]
        )

    def _describe_begun(self, model, domain):
        """Return ``model``, ``id`` and ``name`` of the last record, or False.

        :rtype: dict | bool
        """
        record = self.env[model].search(domain, order="id desc", limit=1)
        return bool(record) and {
            "model": model,
            "id": record.id,
            "name": record.display_name,
        }

    def _has_plan(self):
        today = self.env.company._commission_local_date()
        Plan = self.env["hr.commission.plan"]
        return bool(Plan._get_plan_id(self.env.company.id, today))

    def _has_roles(self, companies):
        Employee = self.env["hr.employee"].sudo()  # sudo: only whether there is one
        domain = [
            ("company_id", "in", companies.ids),
            ("commission_role", "!=", "none"),
        ]
        return bool(Employee.search_count(domain, limit=1))

    def _has_sources(self):
        Source = self.env["utm.source"].sudo()  # sudo: only whether there is one
        return bool(Source.search_count([("commission_source", "!=", False)], limit=1))

    def _has_start(self):
        company = self.env.company
        return bool(company._get_commission_start(company.id))

    def _describe_past(self, companies):
        """Say in a sentence what there is from before commissions, False for nothing.

        :rtype: str | bool
        """
        counts = [each for each in self._count_past(companies) if each[1]]
        return bool(counts) and self.env._(
            "From before the start: %(found)s",
            found=" · ".join(
                f"{title} {formatLang(self.env, count, digits=0)}"
                for title, count in counts
            ),
        )

    def _count_past(self, companies):
        """Count what is older than commissions.

        :rtype: list[tuple[str, int]]
        """
        Lead = self.env["crm.lead"].sudo()  # sudo: numbers only
        Lead = Lead.with_context(active_test=False)
        won = [
            ("company_id", "in", [*companies.ids, False]),
            ("is_before_start", "=", True),
        ]
        leads = companies._get_commission_past_domain("create_date", or_none=True)
        return [
            (self.env._("leads"), Lead.search_count(leads)),
            (self.env._("won deals"), Lead.search_count(won)),
        ]

    def _has_history(self, companies):
        domain = [("company_id", "in", companies.ids)]
        return bool(self.env["hr.commission.event"].search_count(domain, limit=1))

    def _has_simulation(self):
        domain = [("date_run", "!=", False)]
        return bool(self.env["hr.commission.simulation"].search_count(domain, limit=1))
