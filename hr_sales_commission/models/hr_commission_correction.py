# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import hashlib
import json
from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..pipeline.officers import check_manager
from ..pipeline.reader_numbers import format_percent
from ..pipeline.titles import clauses, labelled, listed
from ..pipeline.told import CLOSE, told

#: what makes up a correction, by value, with the document it was made for
HASHED_FIELDS = (
    "what",
    "res_model",
    "origin_id",
    "value_from",
    "value_to",
    "date_from",
) + ("shares", "reason", "user_id", "date", "company_id")


class HrCommissionCorrection(models.Model):
    """The log of what was sealed and changed all the same: by whom, and why.

    A correction of the credit also acts: it stands for the people recorded with the
    events of its lead, order or invoice from its first day on, past and to come.
    Corrections are made by :meth:`_correct_credit` and :meth:`_log` and never change.
    """

    _name = "hr.commission.correction"
    _description = "Commission Correction"
    _order = "date desc, id desc"
    _rec_name = "what"
    _log_access = False

    what = fields.Selection(
        [
            ("credit", "Credit"),
            ("date_won", "Day won"),
            ("won_amount", "Signed amount"),
            ("date_qualified", "Day qualified"),
            ("date_order", "Day of the order"),
            ("lead_id", "Deal of the document"),
        ],
        string="Corrected",
        required=True,
        readonly=True,
        help="Which fact was not right.",
    )
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", required=True, readonly=True
    )
    document = fields.Char(compute="_compute_document")
    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    value_from = fields.Text(
        string="Value Before", readonly=True, help="What stood there before."
    )
    value_to = fields.Text(
        string="Value After", readonly=True, help="What stands there now."
    )
    date_from = fields.Date(
        string="From Day",
        readonly=True,
        help="Empty: from the beginning. Else what happened before stays as it was.",
    )
    shares = fields.Json(readonly=True)  # [employee, percent] by role, for the engine
    employee_ids = fields.Many2many(
        "hr.employee", string="People", readonly=True, help="Who gained or lost by it."
    )
    reason = fields.Text(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Corrected By",
        required=True,
        readonly=True,
        help="Who corrected it.",
    )
    date = fields.Datetime(
        string="Corrected On",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
    )
    company_id = fields.Many2one(
        "res.company", string="Branch", required=True, readonly=True, index=True
    )

    origin_id = fields.Integer(
        string="Made For ID",
        readonly=True,
        help="Number of the document it was made for: merged leads hand theirs on.",
    )
    content_hash = fields.Char(readonly=True)
    chain_number = fields.Integer(readonly=True, default=0)
    chain_hash = fields.Char(readonly=True)

    _chain_idx = models.Index("(company_id, chain_number) WHERE chain_number > 0")
    _unlinked_idx = models.Index("(id) WHERE chain_number = 0")
    _subject_idx = models.Index("(res_model, res_id) WHERE what = 'credit'")

    @api.depends("res_model", "res_id")
    def _compute_document(self):
        for model, corrections in self.grouped("res_model").items():
            names = {}
            if model:
                # sudo: the name of a document, for who reads the correction
                records = self.env[model].sudo().browse(corrections.mapped("res_id"))
                names = {each.id: each.display_name for each in records.exists()}
            for correction in corrections:
                correction.document = names.get(correction.res_id)

    @api.depends("what", "document")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["what"]._description_selection(self.env))
        for correction in self:
            correction.display_name = labelled(
                self.env, labels.get(correction.what, ""), correction.document or ""
            )

    # ------------------------------------------------------------------
    # A log: nothing of it changes
    # ------------------------------------------------------------------

    def init(self):
        """Take corrections from before there was a chain into it, as they stand."""
        result = super().init()
        self._append_to_chain(
            [
                correction_id
                for (correction_id,) in self.env.execute_query(
                    SQL(
                        """SELECT id FROM hr_commission_correction
                            WHERE content_hash IS NULL ORDER BY id"""
                    )
                )
            ]
        )
        return result

    @api.model_create_multi
    def create(self, vals_list):
        corrections = super().create(vals_list)
        corrections.flush_recordset()
        self._append_to_chain(corrections.ids)
        return corrections

    @api.model
    def _append_to_chain(self, correction_ids):
        """Give corrections their places in the chains of their companies.

        What is hashed is what the table holds. A busy chain takes them later.
        """
        if not correction_ids:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE hr_commission_correction SET origin_id = res_id"
                " WHERE id = ANY(%s)",
                correction_ids,
            )
        )
        rows = self._read_hashed(SQL("id = ANY(%s)", correction_ids))
        places = (
            self.env["crm.touchpoint.chain"]
            .sudo()  # sudo: the chain is written by the system only
            ._append([(row["company_id"], row["content"]) for row in rows], self._name)
        )
        for row, (number, chain_hash) in zip(rows, places, strict=True):
            self.env.cr.execute(
                SQL(
                    """UPDATE hr_commission_correction
                          SET content_hash = %s, chain_number = %s, chain_hash = %s
                        WHERE id = %s""",
                    row["content"],
                    number or 0,
                    chain_hash,
                    row["id"],
                )
            )
        self.browse(correction_ids).invalidate_recordset(flush=False)

    @api.model
    def _read_chained(self, company_ids):
        """Read corrections as the table holds them, with the hash of what it holds.

        :rtype: list[dict]
        """
        self.flush_model()
        return self._read_hashed(SQL("company_id = ANY(%s)", list(company_ids)))

    @api.model
    def _read_hashed(self, condition):
        """Read corrections with the hash of what they say.

        One that stands for another lead than it was made for is changed, unless that
        lead was merged.
        """
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT id, content_hash, chain_number, chain_hash, res_id, %s,
                          res_id != origin_id AND (res_model != 'crm.lead' OR EXISTS (
                              SELECT FROM crm_lead WHERE crm_lead.id = origin_id)
                          ) AS is_moved
                     FROM hr_commission_correction WHERE %s ORDER BY id""",
                SQL(", ").join(map(SQL.identifier, HASHED_FIELDS)),
                condition,
            )
        )
        for row in rows:
            content = [row[name] or "" for name in HASHED_FIELDS]
            if row["is_moved"]:
                content.append(row["res_id"])
            text = json.dumps(content, sort_keys=True, default=str)
            row["content"] = hashlib.sha256(text.encode()).hexdigest()
        return rows

    def write(self, vals):
        if vals:
            raise UserError(
                self.env._("Corrections stay as they were made. Make another one.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Corrections are kept for good. Make another one instead.")
        )

    @api.model
    def _log(self, record, what, value_from, value_to, reason=None, **vals):
        """Write down what somebody changed of a sealed fact.

        :param record: the lead, order or invoice
        :param str what: a key of the field ``what``
        :param value_from, value_to: as people read it
        :param reason: why; without one, that it was changed on the document itself
        :rtype: hr.commission.correction
        """
        lead = vals.pop("lead", None)
        if record._name == "crm.lead":
            lead = record
        company = vals.pop("company", None) or (
            record._get_commission_company()
            if record._name == "crm.lead"
            else record.company_id
        )
        return self.sudo().create(  # sudo: nobody writes the log by hand
            {
                "what": what,
                "res_model": record._name,
                "res_id": record.id,
                "lead_id": lead.id if lead else False,
                "value_from": value_from,
                "value_to": value_to,
                "reason": reason or self.env._("Changed on the document itself."),
                "user_id": self.env.uid,
                "company_id": company.id,
                **vals,
            }
        )

    # ------------------------------------------------------------------
    # Correcting whom events credit
    # ------------------------------------------------------------------

    @api.model
    def _correct_credit(self, record, shares, reason, date_from=False):
        """Credit other people with a lead, an order or an invoice.

        Posted as differences when its events are computed again. Roles that are not
        named stay as they are.

        :param record: crm.lead, or a document with events
        :param dict shares: by role, pairs of (employee id, percent) that sum to 100
        :param str reason: required
        :param date date_from: what happened before this day stays; False for all
        :raises AccessError: for anybody but branch managers and commission officers
        :raises UserError: without a reason, with shares that do not sum to 100, or
            by somebody who gains by it or manages those who do
        :rtype: hr.commission.correction
        """
        record.ensure_one()
        self._check_may_correct()
        record.check_access("read")
        self._check_shares(shares)
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: a correction needs a reason."))
        events = self._get_events(record, date_from)
        before = self._get_credited(events, shares)
        self._check_two_people(events, before, shares)
        people = {employee for pairs in shares.values() for employee, _part in pairs}
        people |= {employee for parts in before.values() for employee in parts}
        correction = self._log(
            record,
            "credit",
            self._describe_shares(
                {role: parts.items() for role, parts in before.items()}
            ),
            self._describe_shares(shares),
            reason,
            shares={role: list(map(list, pairs)) for role, pairs in shares.items()},
            date_from=date_from or False,
            employee_ids=sorted(people),
            lead=events.lead_id[:1],
        )
        events._reopen_roles(list(shares))
        correction._post_in_chatter(record)
        return correction

    @api.model
    def _check_may_correct(self):
        check_manager(
            self.env,
            self.env._("Branch managers and commission officers correct credits."),
        )

    @api.model
    def _tell_corrected(self):
        """Return the notification that says what becomes of a correction."""
        text = self.env._("Corrected, on record. What it changes is posted right away.")
        return told("success", text, CLOSE)

    @api.model
    def _correct_facts(self, lead, facts, reason):
        """Correct sealed days and the signed amount of a deal.

        Posted as differences when its events are computed again, and logged.

        :param crm.lead lead: the deal
        :param dict facts: values by ``date_won``, ``won_amount``, ``date_qualified``
        :param str reason: required
        :raises AccessError: for anybody but branch managers and commission officers
        :raises UserError: without a reason, when nothing differs, or by somebody who
            earns by the deal or manages those who do
        """
        lead.ensure_one()
        self._check_may_correct()
        lead.check_access("read")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: a correction needs a reason."))
        lead._check_days_have_come(facts)
        changed = {name: value for name, value in facts.items() if lead[name] != value}
        if not changed:
            raise UserError(self.env._("Nothing differs from what is recorded."))
        self._check_not_credited([("lead_id", "=", lead.id)])
        before = {name: lead[name] for name in changed}
        # sudo: managers correct by this dialog, officers also on the deal itself
        sealed = lead.sudo()
        sealed.write(changed)
        lead._log_changed_facts({lead: before}, reason)
        lead.sudo().message_post(  # sudo: they may not write the deal
            body=self.env._("Days or amount corrected (%(reason)s)", reason=reason),
            author_id=self.env.user.partner_id.id,
        )

    @api.model
    def _check_not_credited(self, domain, concerned=()):
        """Refuse to change facts of events by which whoever changes them earns.

        :param domain: on hr.commission.event
        :param concerned: recordsets of further deals and documents
        :raises UserError: if they, as a person, are credited or share in the deal or
            document, in whatever role, or manage somebody who does, or did so then
        """
        if self.env.su:
            return
        events = self.env["hr.commission.event"].sudo().search(domain)  # sudo: all
        Person = self.env["hr.commission.person"]
        Person._check_not_interested(
            events._get_earning_employees() | Person._get_holders(concerned),
            with_managers=True,
        )

    def _check_shares(self, shares):
        if not any(shares.values()):
            raise UserError(self.env._("Name whom to credit."))
        for pairs in shares.values():
            parts = [Decimal(str(percent)) for _employee, percent in pairs]
            if len({employee for employee, _percent in pairs}) != len(pairs):
                raise UserError(self.env._("Each person has one share per role."))
            if any(part <= 0 for part in parts) or round(sum(parts), 4) != 100:
                raise UserError(
                    self.env._("The shares of a role must sum to 100 %, none below 0.")
                )

    @api.model
    def _get_events(self, record, date_from=False):
        """Return the events that a correction of a record concerns.

        :rtype: hr.commission.event
        """
        Event = self.env["hr.commission.event"].sudo()  # sudo: the log is no record
        domain = Event._get_domain_of(record)
        if date_from:
            # what is taken back is that of whoever earned it
            domain &= Domain("date_basis", ">=", date_from) | (
                Domain("date_basis", "=", False) & Domain("date", ">=", date_from)
            )
        return Event.search(domain)

    @api.model
    def _get_credited(self, events, roles):
        """Return the greatest part that each person has in each of the roles today."""
        credited = {role: {} for role in roles}
        for by_role in self._get_parts(events).values():
            for role in credited.keys() & by_role.keys():
                parts = credited[role]
                for employee, part in by_role[role]:
                    parts[employee] = max(parts.get(employee, 0), part)
        return credited

    @api.model
    def _get_parts(self, events):
        """Return whom events credit, corrections that wait to be computed included.

        :return: by event id and role, pairs of (employee id, percent)
        :rtype: dict[int, dict[str, list]]
        """
        parts = {
            event.id: {
                role: [
                    (credit.employee_id.id, round(credit.share * 100, 6))
                    for credit in credits
                ]
                for role, credits in event.credit_ids.filtered("share")
                .grouped("role")
                .items()
            }
            for event in events
        }
        waiting = events.filtered(lambda event: event.state != "done")
        rows = events._read_facts(waiting.ids) if waiting else []
        for event_id, corrected in self._get_corrected_shares(rows).items():
            parts[event_id].update(
                {
                    role: [(employee, float(percent)) for employee, percent in pairs]
                    for role, pairs in corrected.items()
                }
            )
        return parts

    def _check_two_people(self, events, before, shares):
        """Refuse whoever gains by a correction, or manages those who do.

        :raises UserError: naming who is to do it instead
        """
        if self.env.su:
            return
        Employee = self.env["hr.employee"].sudo()  # sudo: hr.employee - of all
        gaining = Employee.browse(
            {
                employee
                for role, pairs in shares.items()
                for employee, percent in pairs
                if percent > before[role].get(employee, 0)
            }
        )
        Person = self.env["hr.commission.person"]
        if Person._find_interested(self.env.user, gaining, with_managers=True):
            raise UserError(
                self.env._(
                    "You or people you manage would gain by this correction. Somebody "
                    "else makes it."
                )
            )

    def _describe_shares(self, shares):
        """Name people and shares by role.

        :rtype: str
        """
        labels = dict(
            self.env["hr.commission.credit"]
            ._fields["role"]
            ._description_selection(self.env)
        )
        Employee = self.env["hr.employee"].sudo()  # sudo: names of other branches
        return "\n".join(
            labelled(
                self.env,
                labels.get(role, role),
                listed(
                    self.env,
                    (
                        f"{Employee.browse(employee).name} {format_percent(self.env, percent)}"
                        for employee, percent in pairs
                    ),
                )
                or self.env._("nobody"),
            )
            for role, pairs in shares.items()
        )

    def _post_in_chatter(self, record):
        """Say on the deal or document who is credited now; no amounts."""
        self.ensure_one()
        values = {
            "before": clauses(self.env, self.value_from.split("\n")),
            "now": clauses(self.env, self.value_to.split("\n")),
            "reason": self.reason,
        }
        if self.date_from:
            body = self.env._(
                "Credit corrected from %(day)s on: %(before)s → %(now)s (%(reason)s)",
                day=format_date(self.env, self.date_from),
                **values,
            )
        else:
            body = self.env._(
                "Credit corrected: %(before)s → %(now)s (%(reason)s)", **values
            )
        record.sudo().message_post(  # sudo: officers may not write the deal
            body=body, author_id=self.env.user.partner_id.id
        )

    @api.model
    def _get_corrected_shares(self, rows):
        """Return whom corrections credit with events.

        :param rows: rows of ``hr.commission.event._read_facts``
        :return: by event id and role, pairs of (employee id, weight)
        :rtype: dict[int, dict[str, list]]
        """
        Event = self.env["hr.commission.event"]
        subjects = {row["id"]: Event._get_subjects(row) for row in rows}
        wanted = sorted({subject for each in subjects.values() for subject in each})
        found = defaultdict(list)
        for correction in self.env.execute_query_dict(
            SQL(
                """SELECT id, res_model, res_id, date_from, shares
                     FROM hr_commission_correction
                    WHERE what = 'credit' AND (res_model, res_id) IN (
                          SELECT * FROM unnest(%s::text[], %s::int[]))
                    ORDER BY id""",
                [model for model, _res_id in wanted],
                [res_id for _model, res_id in wanted],
            )
        ):
            found[correction["res_model"], correction["res_id"]].append(correction)
        corrected = {}
        for row in rows if found else ():
            concerning = [
                correction
                for subject in subjects[row["id"]]
                for correction in found.get(subject, ())
                if not correction["date_from"]
                # what is taken back is that of whoever earned it
                or correction["date_from"] <= (row["date_basis"] or row["date"])
            ]
            for correction in sorted(concerning, key=lambda each: each["id"]):
                corrected.setdefault(row["id"], {}).update(
                    {
                        role: [
                            (employee, Decimal(str(percent)))
                            for employee, percent in pairs
                        ]
                        for role, pairs in correction["shares"].items()
                    }
                )
        return corrected
