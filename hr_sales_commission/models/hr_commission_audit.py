# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import hashlib
import json
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .crm_touchpoint_chain import read_entries

ACTS = [
    ("create", "Entered"),
    ("change", "Changed"),
    ("remove", "Removed"),
    ("approve_first", "Approved once of twice"),
    ("approve", "Approved"),
    ("reset", "Approval taken back"),
    ("pay", "Paid"),
    ("cancel", "Cancelled"),
    ("confirm", "Statement confirmed"),
    ("unconfirm", "Statement opened again"),
    ("verify", "Source verified"),
    ("decide", "Claim decided"),
    ("close", "Month closed"),
    ("reopen", "Month opened again"),
]
#: what makes up an entry, by value: nothing that is renamed or deleted later bends it
HASHED_FIELDS = (
    ("date", "user_ref", "user_name", "company_id", "act", "res_model", "res_id")
    + (
        "record_name",
        "field_name",
        "old_value",
        "new_value",
        "old_ref",
        "amount",
        "reason",
    )
    + ("is_self_benefit", "seals")
)

#: where acts on leads that are handled in sets wait to be logged together
ASIDE = "hr_commission_audit_aside"

#: models with records that acts seal, by what stands before their ids in the seals
SEALED_MODELS = {
    "hr.commission.line": "",
    "hr.commission.statement": "statement/",
}
#: records that are not as they were sealed: company, record, exists, sealed
BROKEN_SEALS = """
    WITH sealed AS (
        SELECT DISTINCT ON (seal.key)
               substr(seal.key, length(%(prefix)s) + 1)::int AS id,
               audit.company_id, NULLIF(seal.value, '') AS hash
          FROM hr_commission_audit audit
         CROSS JOIN LATERAL jsonb_each_text(audit.seals) seal
         WHERE audit.seals IS NOT NULL
           AND audit.company_id = ANY(%(companies)s)
           AND seal.key ~ ('^' || %(prefix)s || '[0-9]+$')
         ORDER BY seal.key, audit.id DESC
    )
    SELECT COALESCE(sealed.company_id, record.company_id),
           COALESCE(sealed.id, record.id), record.id IS NOT NULL,
           sealed.hash IS NOT NULL
      FROM sealed
      FULL JOIN (SELECT * FROM %(table)s
                  WHERE company_id = ANY(%(companies)s)) record
        ON record.id = sealed.id
     WHERE sealed.hash IS NOT NULL
           AND (record.id IS NULL OR record.state != ALL(%(states)s)
                OR %(hash)s != sealed.hash)
        OR sealed.hash IS NULL AND record.state = ANY(%(states)s)
     ORDER BY 1, 2
"""


class HrCommissionAudit(models.Model):
    """What people did by hand to money or to what money follows from, old and new.

    A log that only grows, chained like the touchpoints. Entries of approvals carry the
    hash of each line approved, those of confirmations that of each statement, so that a
    change behind the back of Odoo is found.
    """

    _name = "hr.commission.audit"
    _description = "Act on Commissions"
    _order = "date desc, id desc"
    _rec_name = "record_name"
    _log_access = False

    date = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="By", readonly=True)
    user_ref = fields.Integer(string="User Number", readonly=True)
    user_name = fields.Char(readonly=True, help="As it was then.")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, string="Branch"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    act = fields.Selection(ACTS, required=True, readonly=True)
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    record_name = fields.Char(string="Of What", readonly=True)
    employee_id = fields.Many2one(
        "hr.employee", string="Whose Pay", readonly=True, index="btree_not_null"
    )
    field_name = fields.Char(string="Field", readonly=True)
    field_label = fields.Char(string="What", compute="_compute_field_label")
    old_value = fields.Char(readonly=True)
    new_value = fields.Char(readonly=True)
    old_ref = fields.Integer(
        string="Number Before", readonly=True, help="Of the record that stood there."
    )
    amount = fields.Monetary(readonly=True, help="The money the act was about.")
    reason = fields.Char(readonly=True)
    is_self_benefit = fields.Boolean(
        string="For Oneself",
        readonly=True,
        help="Whoever did it earns by it, asked by person.",
    )
    seals = fields.Json(readonly=True)
    content_hash = fields.Char(readonly=True)
    chain_number = fields.Integer(readonly=True, default=0)
    chain_hash = fields.Char(readonly=True)

    _date_idx = models.Index("(company_id, date DESC, id DESC)")
    _chain_idx = models.Index("(company_id, chain_number) WHERE chain_number > 0")
    _unlinked_idx = models.Index("(id) WHERE chain_number = 0")
    _record_idx = models.Index("(res_model, res_id)")

    @api.depends("res_model", "field_name")
    @api.depends_context("lang")
    def _compute_field_label(self):
        for entry in self:
            model = self.env.get(entry.res_model)
            field = model is not None and model._fields.get(entry.field_name)
            entry.field_label = (
                field._description_string(self.env) if field else entry.field_name
            )

    # ------------------------------------------------------------------
    # A log that only grows
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Add entries, by the current user and now, to the chain of their companies."""
        self.check_access("create")
        now = fields.Datetime.now()
        for vals in vals_list:
            vals.update(
                date=now,
                user_id=self.env.uid,
                user_ref=self.env.uid,
                user_name=self.env.user.name,
            )
            vals["content_hash"] = self._get_content_hash(vals)
        # sudo: kept by the system
        self.env["crm.touchpoint.chain"].sudo()._add(vals_list, self._name)
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("What was done is a log: it is never changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("What was done is a log: it is never deleted."))

    @api.model
    def _get_content_hash(self, vals):
        """Return the hash of an entry as the table holds it.

        :param dict vals: values by name
        """
        content = []
        for name in HASHED_FIELDS:
            value = vals.get(name)
            if name == "date":
                value = fields.Datetime.to_string(value)
            elif name == "amount":
                value = f"{float(value or 0):.6f}"
            elif name == "seals" and value:
                value = json.dumps(value, sort_keys=True)
            content.append(value or "")
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    @api.model
    def _read_chained(self, company_ids):
        """Read entries as the table holds them, with the hash of what it holds.

        :rtype: list[dict]
        """
        return read_entries(self, HASHED_FIELDS, company_ids)

    # ------------------------------------------------------------------
    # Logging
    # ------------------------------------------------------------------

    @api.model
    def _log(self, entries):
        """Log acts of the current user.

        :param list[dict] entries: values; ``employee_id`` says whose pay it is about,
            or ``salesperson``: the id of a user, and their company
        """
        if not entries:
            return self.sudo()  # sudo: nobody but the system writes the log
        entries = [{"record_name": False, **entry} for entry in entries]
        self._find_employees(entries)
        own = self._find_own({entry.get("employee_id") for entry in entries} - {None})
        credited = self._find_credited(entries)
        for entry in entries:
            entry.setdefault(
                "is_self_benefit",
                entry.get("employee_id") in own
                or (entry.get("res_model"), entry.get("res_id")) in credited,
            )
        said = {k: v for k, v in self.env.context.items() if k[:8] != "default_"}
        # sudo: append-only, kept by the system
        return self.with_env(self.env(su=True, context=said)).create(entries)

    @api.model
    def _find_employees(self, entries):
        """Say whose pay it is where entries tell the salesperson, for all at once."""
        asked = [entry for entry in entries if "salesperson" in entry]
        # sudo: who the salespeople are as employees
        users = self.env["res.users"].sudo()
        users = users.browse({entry["salesperson"][0] for entry in asked} - {False})
        employee_of = {user.id: user._get_audit_employee_in for user in users}
        for entry in asked:
            user_id, company = entry.pop("salesperson")
            entry["employee_id"] = user_id and employee_of[user_id](company).id

    @api.model
    def _find_own(self, employee_ids):
        """Return which of these employees the current user is, as a person."""
        if self.env.su or not any(employee_ids):
            return set()
        Person = self.env["hr.commission.person"]
        employees = self.env["hr.employee"].browse(filter(None, employee_ids))
        return set(Person._find_interested(self.env.user, employees).ids)

    @api.model
    def _find_credited(self, entries):
        """Return of which deals and documents the current user earns, as a person.

        :param list[dict] entries: values of entries
        :return: (model, id) as in the entries
        :rtype: set[tuple[str, int]]
        """
        subjects = self._get_subjects(
            {(entry.get("res_model"), entry.get("res_id")) for entry in entries}
        )
        if self.env.su or not subjects:
            return set()
        _users, own = self.env["hr.commission.person"]._get_person(self.env.user)
        for name in ("hr.commission.event", "hr.commission.credit"):
            self.env[name].flush_model()
        models_, ids = zip(*subjects, strict=True)
        rows = self.env.execute_query(
            SQL(
                """WITH subject AS (
                       SELECT * FROM unnest(%s::text[], %s::int[]) AS given(model, id)
                   ), credited AS (
                       SELECT subject.model, subject.id, event.id AS event_id
                         FROM subject JOIN hr_commission_event event
                           ON event.res_model = subject.model
                          AND event.res_id = subject.id
                        UNION
                       SELECT subject.model, subject.id, event.id
                         FROM subject JOIN hr_commission_event event
                           ON event.lead_id = subject.id
                        WHERE subject.model = 'crm.lead'
                   )
                   SELECT DISTINCT credited.model, credited.id
                     FROM credited JOIN hr_commission_credit credit
                       ON credit.event_id = credited.event_id
                    WHERE credit.share > 0 AND credit.employee_id = ANY(%s)""",
                list(models_),
                list(ids),
                own.ids,
            )
        )
        return {
            written
            for model, record_id in rows
            for written in subjects[model, record_id]
        }

    @api.model
    def _get_subjects(self, records):
        """Return the deals and documents whose events credit who earns by records.

        :param records: (model, id) of what was changed
        :return: (model, id) of those records by (model, id) of deals and documents
        :rtype: dict[tuple, set]
        """
        return {each: {each} for each in records if each[0] == "crm.lead"}

    @api.model
    @contextmanager
    def _tracking(self, records, vals, names):
        """Log what a block changes by hand in the fields that money follows from.

        The system's own writing is none; what stays as it was is no change.

        :param records: about to be written
        :param vals: the values about to be written
        :param names: the fields that count
        """
        names = [name for name in names if name in vals]
        if self.env.su or not names:
            yield
            return
        before = {
            record: {
                name: (record._get_audit_text(name), record._get_audit_ref(name))
                for name in names
            }
            for record in records.sudo()  # sudo: what it was, whoever changes it
        }
        yield
        entries = []
        for record, old in before.items():
            for name in names:
                new = record._get_audit_text(name)
                former, former_ref = old[name]
                if new != former or record._get_audit_ref(name) != former_ref:
                    entries.append(
                        {
                            **record._get_audit_values(),
                            "act": "change",
                            "field_name": name,
                            "old_value": record._tell_audit_text(name, former),
                            "old_ref": former_ref,
                            "new_value": record._tell_audit_text(name, new),
                        }
                    )
        if self.env.context.get("commission_in_sets"):
            self._put_aside(entries)
        else:
            self._log(entries)

    @api.model
    def _put_aside(self, entries):
        """Leave acts of the current user for :meth:`_log_aside`: one entry in the chain
        after another costs statements each, many at once as many as one."""
        callbacks = self.env.cr.precommit
        if ASIDE not in callbacks.data:
            callbacks.data[ASIDE] = {}
            callbacks.add(self.with_context(commission_in_sets=False)._log_aside)
        callbacks.data[ASIDE].setdefault(self.env.uid, []).extend(entries)

    @api.model
    def _log_aside(self):
        """Log together what was put aside, with the commit at the latest."""
        for user_id, entries in self.env.cr.precommit.data.pop(ASIDE, {}).items():
            log = self.with_user(user_id).with_context(commission_in_sets=False)
            log._log(entries)

    @api.model
    def _log_records(self, act, records, names):
        """Log that records were entered or removed by hand, with what they say.

        :param str act: ``create`` or ``remove``
        :param names: the fields that count
        """
        if self.env.su or not records:
            return
        column = "new_value" if act == "create" else "old_value"

        def tell(record, name):
            return record._tell_audit_text(name, record._get_audit_text(name))

        self._log(
            [
                {
                    **record._get_audit_values(),
                    "act": act,
                    column: ", ".join(filter(None, (tell(record, n) for n in names))),
                }
                for record in records.sudo()  # sudo: what it says, whoever acts
            ]
        )

    def _get_former_users(self):
        """Return the users that stood where these entries changed a user.

        :rtype: res.users
        """
        users = self.env["res.users"].with_context(active_test=False)
        return users.browse({entry.old_ref for entry in self if entry.old_ref}).exists()

    # ------------------------------------------------------------------
    # Seals: what was approved is what is there
    # ------------------------------------------------------------------

    @api.model
    def _find_broken_seals(self, company_ids):
        """Return what is not as it was approved or confirmed, or what nobody sealed.

        :return: dicts with company_id, model, res_id and problem
        :rtype: list[dict]
        """
        self.flush_model()
        return [
            {
                "company_id": company_id,
                "number": None,
                "touchpoint_id": None,
                "model": model,
                "res_id": record_id,
                "problem": self.env[model]._describe_broken_seal(exists, is_sealed),
            }
            for model, prefix in SEALED_MODELS.items()
            for company_id, record_id, exists, is_sealed in self._read_broken_seals(
                self.env[model], prefix, company_ids
            )
        ]

    @api.model
    def _read_broken_seals(self, records, prefix, company_ids):
        records.flush_model()
        return self.env.execute_query(
            SQL(
                BROKEN_SEALS,
                table=SQL.identifier(records._table),
                prefix=prefix,
                states=list(records._sealed_states),
                companies=list(company_ids),
                hash=records._get_seal_sql("record"),
            )
        )
