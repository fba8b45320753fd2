# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What came in by a file, so that the last one can be taken back.

A large file comes in batch by batch and goes batch by batch, each in its own transaction.
"""

import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from ..pipeline.isolation import isolated, retried
from ..pipeline.officers import OFFICER
from ..pipeline.refusals import tell_done
from ..pipeline.states import OPEN_STATES
from ..pipeline.told import told
from .base import LETTING_GO

_logger = logging.getLogger(__name__)

#: the columns of the files to fill in, each with an example; a choice by its code
TEMPLATES = {
    "crm.lead": (
        ("id", "past_deal_1"),
        ("name", "Conveyor drives"),
        ("partner_name", "Example Logistics"),
        ("email_from", "buyer@logistics.example"),
        ("stage_id", "Won"),
        ("user_id", ""),
        ("commission_source", "marketing"),
        ("source_state", "verified"),
        ("marketer_id", ""),
        ("source_id", ""),
        ("first_touch_date", "2026-03-02"),
        ("date_qualified", "2026-03-05"),
        ("date_won", "2026-04-17"),
        ("won_amount", "28000"),
    ),
    "crm.touchpoint": (
        ("date", "2026-03-02 09:30:00"),
        ("kind", "event"),
        ("email_normalized", "buyer@logistics.example"),
        ("phone_sanitized", ""),
        ("company_name", "Example Logistics"),
        ("employee_id", ""),
        ("campaign_id", ""),
        ("source_id", ""),
        ("note", "Met at the fair"),
    ),
    "crm.lead.share": (
        ("lead_id", "Conveyor drives"),
        ("employee_id", ""),
        ("role", "sales"),
        ("percent", "50"),
    ),
    "hr.employee": (
        ("id", ""),
        ("name", "Sam Petersen"),
        ("work_email", "sam@example.com"),
        ("commission_role", "sales"),
    ),
    "hr.commission.target": (
        ("employee_id", "Sam Petersen"),
        ("measure", "won_amount"),
        ("period", "month"),
        ("date_from", "2026-05-01"),
        ("amount", "20000"),
    ),
    "hr.commission.assignment": (
        ("partner_id", "Example Logistics"),
        ("employee_id", "Sam Petersen"),
        ("role_id", ""),
        ("date_from", "2026-01-01"),
        ("date_to", ""),
    ),
    # what another system paid, and a balance that it carried on
    "hr.commission.line": (
        ("employee_id", "Sam Petersen", "Lena Vogt"),
        ("date", "2025-12-31", "2025-12-31"),
        ("amount", "1500", "-400"),
        ("state", "paid", "draft"),
        ("note", "Paid by the former system", "Balance of the former system"),
    ),
}
#: records that are taken back in one transaction
BATCH_SIZE = 2000


class HrCommissionImport(models.Model):
    """An import of past deals, or of records of ours, by Odoo's import screen."""

    _name = "hr.commission.import"
    _description = "Import of History"
    _order = "id desc"
    _rec_name = "file_name"

    file_name = fields.Char(string="File", readonly=True)
    model_id = fields.Many2one(
        "ir.model", string="Kind", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", string="By", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    upload_id = fields.Integer(
        readonly=True, help="Number of the upload that these records came in by."
    )
    record_ids = fields.Json(
        string="Made Records",
        readonly=True,
        help="Numbers of the records that were made and are still to be taken back.",
    )
    record_count = fields.Integer(string="New Records", readonly=True)
    changed_count = fields.Integer(string="Records Known Before", readonly=True)
    undone_count = fields.Integer(
        string="Taken Back", readonly=True, help="New records that are deleted again."
    )
    undone_by_id = fields.Many2one(
        "res.users",
        string="Taken Back By",
        readonly=True,
        help="Who takes the import back: the background goes on with their rights.",
    )
    refusal = fields.Text(
        string="Why the Rest Stays",
        readonly=True,
        help="What stopped the import from being taken back to its end.",
    )
    state = fields.Selection(
        [
            ("done", "Imported"),
            ("undoing", "Being taken back"),
            ("undone", "Taken back"),
        ],
        required=True,
        readonly=True,
        default="done",
    )

    @api.model
    def _log(self, records, last_id, file_name, upload_id=0):
        """Keep what a file has brought, with what its batches before have brought.

        :param records: what the file made or changed
        :param int last_id: the last record there was before
        :param str file_name: name of the file
        :param int upload_id: the same for all batches of a file
        """
        imports = self.sudo()  # sudo: written by the system only
        known = {
            "upload_id": upload_id,
            "model_id": self.env["ir.model"]._get_id(records._name),
            "user_id": self.env.uid,
            "company_id": self.env.company.id,
        }
        begun = imports.browse()
        if upload_id:
            domain = Domain([(name, "=", value) for name, value in known.items()])
            begun = imports.search(domain & Domain("state", "=", "done"), limit=1)
        new = records.filtered(lambda record: record.id > last_id)
        before = begun.record_ids or []
        changed = len(set((records - new).ids) - set(before))
        vals = {
            "record_ids": before + new.ids,
            "record_count": begun.record_count + len(new),
            "changed_count": begun.changed_count + changed,
        }
        if begun:
            begun.write(vals)
        else:
            imports.create({**known, **vals, "file_name": file_name})

    @api.model
    def _get_template(self, model):
        """Return the file to fill in for a model, as the import screen offers it.

        :param str model: what is imported
        :return: none or one file
        :rtype: list[dict]
        """
        if model not in TEMPLATES or not self.env.user.has_group(OFFICER):
            return []
        return [
            {
                "label": self.env._("Workbook with Examples and Choices"),
                "template": f"/commission/import_template/{model}.xlsx",
            }
        ]

    def action_undo(self):
        """Take the last import back: what it has made is deleted, with its commissions.

        What it changed of records that were there before stays as it is. The contacts
        stay on record and count no more. Nothing goes that the officer could not delete
        by hand, but deals and commissions nobody has worked on since. The first batch
        goes at once, the rest of a large file in the background.

        :raises AccessError: for anybody but commission officers
        :raises UserError: if a later import is not taken back, if something was
            approved, decided, contested or changed by now, or if a colleague imported
            what pays the officer
        """
        self._ensure_one_given()
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only a commission officer may do this."))
        self.check_access("read")
        # sudo: imports of colleagues count; officers only, see above
        last = self.sudo().search(
            [("state", "!=", "undone"), ("company_id", "=", self.company_id.id)],
            limit=1,
        )
        if self != last:
            raise UserError(
                self.env._("Only the last import is taken back, one after the other.")
            )
        if self.state == "undoing":
            raise UserError(self.env._("This import is being taken back already."))
        self._check_may_go(self._get_records(self.record_ids))
        # sudo: see above
        self.sudo().write({"undone_by_id": self.env.uid, "refusal": False})
        self._take_back_batch()
        if self.state == "undone":
            return self._tell_taken_back()
        self.env.ref("hr_sales_commission.ir_cron_commission_take_back")._trigger()
        return self._show_progress()

    def _tell_taken_back(self):
        texts = [self.env._("%(count)s records are deleted.", count=self.undone_count)]
        if self.changed_count:
            texts.append(
                self.env._(
                    "%(count)s that were there before stay as they are.",
                    count=self.changed_count,
                )
            )
        return tell_done(self.env, self.env._("Import taken back"), {}, texts)

    def _show_progress(self):
        return told(
            "info",
            self.env._(
                "%(done)s of %(all)s records are deleted. The rest follows in the "
                "background; this list shows how far it is.",
                done=self.undone_count,
                all=self.record_count,
            ),
            title=self.env._("The import is being taken back"),
        )

    @api.model
    @retried
    def _cron_take_back(self):
        """Go on with what is being taken back, batch by batch, as who began it.

        Where something was approved or changed meanwhile, the rest stays and says why.
        """
        cron = self.env["ir.cron"]
        # sudo: written by the system only
        waiting = self.sudo().search([("state", "=", "undoing")])
        for found in waiting:
            user = found.undone_by_id
            companies = user.company_ids.ids
            part = found.with_user(user).with_context(allowed_company_ids=companies)
            while found.state == "undoing":
                if not cron._commit_progress(remaining=len(found.record_ids or ())):
                    return
                with isolated(self.env, _logger, "Taking back", found) as attempt:
                    part._try_batch()
                if attempt.failed:  # the next run tries again
                    break
                cron._commit_progress(1, remaining=len(found.record_ids or ()))

    def _try_batch(self):
        """Take one batch back, or stop and keep what somebody is told."""
        try:
            with self.env.cr.savepoint():
                self._take_back_batch()
        except UserError as error:
            # sudo: written by the system only
            self.sudo().write({"state": "done", "refusal": str(error)})

    def _take_back_batch(self):
        """Delete the last of the records that are still there.

        :raises UserError: if one of them has to stay
        """
        numbers = self.record_ids
        rest, batch = numbers[:-BATCH_SIZE], numbers[-BATCH_SIZE:]
        records = self._get_records(batch)
        self._check_may_go(records)
        if records._name == "crm.lead":
            self._remove_leads(records)
        elif records._name == "hr.commission.line":
            records.with_context(**{MODULE_UNINSTALL_FLAG: LETTING_GO}).unlink()
        else:
            records.sudo(False).unlink()  # with the rights of who takes it back
        # sudo: written by the system only
        self.sudo().write(
            {
                "record_ids": rest,
                "undone_count": self.undone_count + len(batch),
                "state": "undoing" if rest else "undone",
            }
        )

    def _get_records(self, numbers):
        """Return those of the records that still exist."""
        model = self.sudo().model_id.model  # sudo: technical name of the model
        # sudo: what an officer imported is whoever's; who may take it back is checked
        records = self.env[model].sudo().with_context(active_test=False)
        return records.browse(numbers).exists()

    def _check_may_go(self, records):
        """Refuse what people count on, and what a colleague imported for the user.

        :raises UserError: naming what it is about
        """
        self._check_untouched(records)
        if self.user_id == self.env.user:
            return
        for number in range(0, len(records), BATCH_SIZE):
            self.env["hr.commission.person"]._check_not_interested(
                self._get_paid_people(records[number : number + BATCH_SIZE])
            )

    def _get_lines(self, records, domain=Domain.TRUE):
        """Return the commissions that came in, or that deals which came in have."""
        lines = records.env["hr.commission.line"]
        if records._name == "hr.commission.line":
            return lines.search(Domain("id", "in", records.ids) & domain)
        if records._name != "crm.lead":
            return lines
        return lines.search(Domain("lead_id", "in", records.ids) & domain)

    def _get_paid_people(self, records):
        """Return whose pay follows from deals and commissions that came in.

        :rtype: hr.employee
        """
        if records._name == "crm.lead":
            return records._get_earning_employees()
        return self._get_lines(records).employee_id

    def _find_changed(self, records):
        """Return the first record that somebody but the importer has worked on since.

        :return: one record of those that came in, or none
        """
        nobody = (self.user_id.id, SUPERUSER_ID)
        mine = Domain("id", "in", records.ids)
        changed = records.search(mine & Domain("write_uid", "not in", nobody), limit=1)
        if not changed and "message_ids" in records._fields:
            messages = self.env["mail.message"].sudo()  # sudo: whether there are any
            number = messages.search(
                Domain("model", "=", records._name)
                & Domain("res_id", "in", records.ids)
                & (
                    Domain("create_uid", "not in", nobody)
                    | Domain("message_type", "=", "email")
                ),
                limit=1,
            ).res_id
            changed = records.browse(number or ())
        return changed or self._find_linked(records, nobody)

    def _find_linked(self, records, nobody):
        """Return the first record that something of a colleague's hangs on.

        :param nobody: users who are no colleague: the importer and the system
        :return: one record of those that came in, or none
        """
        made = Domain("create_uid", "not in", nobody)
        links = [
            (name, field.name, Domain.TRUE)
            for name, model in self.env.registry.items()
            if model._auto and model._log_access and not model._transient
            if not (model._abstract or name.startswith("hr.commission."))
            for field in model._fields.values()
            if field.type == "many2one" and field.store
            if field.comodel_name == records._name
        ]
        links.append(
            ("mail.activity", "res_id", Domain("res_model", "=", records._name))
        )
        for name, field, domain in links:
            found = self.env[name].sudo()  # sudo: whether there is one
            found = found.with_context(active_test=False).search(
                Domain(field, "in", records.ids) & made & domain, limit=1
            )
            if found:
                linked = found[field]
                return records.browse(linked if isinstance(linked, int) else linked.ids)
        return records.browse()

    @api.model
    def _get_closed_domain(self):
        """Return which commissions are of a closed month.

        :rtype: Domain
        """
        companies = self.env["res.company"].sudo()  # sudo: until when months are closed
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("date", "<=", company.commission_lock_date)
            for company in companies.search([("commission_lock_date", "!=", False)])
        )

    def _check_untouched(self, records):
        """Refuse where people count on what came in.

        :raises UserError: naming what it is about
        """
        settled = self._get_lines(records, Domain("state", "not in", OPEN_STATES))
        if settled:
            raise UserError(
                self.env._(
                    "%(count)s commissions of this import are approved, as “%(line)s”. "
                    "What was approved stays; correct it instead.",
                    count=len(settled),
                    line=settled[0].display_name,
                )
            )
        closed = self._get_lines(records, self._get_closed_domain())[:1]
        if closed:
            raise UserError(
                self.env._(
                    "“%(line)s” is of a closed month, which stays as it is. Correct it "
                    "instead.",
                    line=closed.display_name,
                )
            )
        disputes = records.env["hr.commission.dispute"]
        if records._name == "crm.lead":
            disputes = disputes.search([("lead_id", "in", records.ids)], limit=1)
        if disputes:
            raise UserError(
                self.env._(
                    "“%(lead)s” has a dispute, which stays on record.",
                    lead=disputes.lead_id.display_name,
                )
            )
        changed = self._find_changed(records)
        if changed:
            raise UserError(
                self.env._(
                    "Somebody has worked on “%(record)s” since it came in. What people "
                    "work on stays; correct it, or delete the others by hand.",
                    record=changed.display_name,
                )
            )

    def _remove_leads(self, leads):
        """Delete leads with their commissions; the periods are computed again."""
        gone = leads.with_context(**{MODULE_UNINSTALL_FLAG: LETTING_GO})
        events = gone.env["hr.commission.event"].search([("lead_id", "in", leads.ids)])
        events._recompute_periods()
        self._get_lines(gone).unlink()
        events.unlink()
        leads.touchpoint_ids._void(self.env._("The import was taken back."))
        gone.unlink()
