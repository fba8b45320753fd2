"""What came in by a file, so that the last one can be taken back."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from ..pipeline.officers import OFFICER
from .base import LETTING_GO

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
    "hr.commission.line": (
        ("employee_id", "Sam Petersen"),
        ("date", "2025-12-31"),
        ("amount", "1500"),
        ("state", "paid"),
        ("note", "Paid by the former system"),
    ),
}
#: states of commissions that nobody counts on yet
OPEN_STATES = ("held", "draft", "cancelled")


class HrCommissionImport(models.Model):
    """An import of past deals, or of records of ours, by Odoo's import screen."""

    _name = "hr.commission.import"
    _description = "Import of History"
    _order = "id desc"
    _rec_name = "file_name"

    file_name = fields.Char(string="File", readonly=True)
    model_id = fields.Many2one(
        "ir.model", string="Imported", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", string="By", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    record_ids = fields.Json(string="Made Records", readonly=True)
    record_count = fields.Integer(string="New Records", readonly=True)
    changed_count = fields.Integer(string="Records Known Before", readonly=True)
    state = fields.Selection(
        [("done", "Imported"), ("undone", "Taken back")],
        required=True,
        readonly=True,
        default="done",
    )

    @api.model
    def _log(self, records, last_id, file_name):
        """Keep what a file has brought.

        :param records: what the file made or changed
        :param int last_id: the last record there was before
        :param str file_name: name of the file
        """
        new = records.filtered(lambda record: record.id > last_id)
        self.sudo().create(  # sudo: written by the system only
            {
                "file_name": file_name,
                "model_id": self.env["ir.model"]._get_id(records._name),
                "user_id": self.env.uid,
                "company_id": self.env.company.id,
                "record_ids": new.ids,
                "record_count": len(new),
                "changed_count": len(records) - len(new),
            }
        )

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
        by hand, but deals and commissions nobody has worked on since.

        :raises AccessError: for anybody but commission officers
        :raises UserError: if a later import is not taken back, if something was
            approved, decided, contested or changed by now, or if a colleague imported
            what pays the officer
        """
        self.ensure_one()
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only a commission officer may do this."))
        self.check_access("read")
        # sudo: imports of colleagues count; officers only, see above
        last = self.sudo().search(
            [("state", "=", "done"), ("company_id", "=", self.company_id.id)], limit=1
        )
        if self != last:
            raise UserError(
                self.env._("Only the last import is taken back, one after the other.")
            )
        model = self.sudo().model_id.model  # sudo: technical name of the model
        # sudo: what an officer imported is whoever's; the check is above
        records = self.env[model].sudo().with_context(active_test=False)
        records = records.browse(self.record_ids).exists()
        self._check_untouched(records)
        if self.user_id != self.env.user:
            self.env["hr.commission.person"]._check_not_interested(
                self._get_paid_people(records)
            )
        if model == "crm.lead":
            self._remove_leads(records)
        elif model == "hr.commission.line":
            records.with_context(**{MODULE_UNINSTALL_FLAG: LETTING_GO}).unlink()
        else:
            records.sudo(False).unlink()  # with the rights of who takes it back
        self.sudo().state = "undone"  # sudo: see above
        return True

    def _get_lines(self, records):
        if records._name == "hr.commission.line":
            return records
        lines = records.env["hr.commission.line"]
        if records._name != "crm.lead":
            return lines
        return lines.search([("lead_id", "in", records.ids)])

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
        changed = records.filtered(lambda record: record.write_uid.id not in nobody)
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
        return changed[:1]

    def _check_untouched(self, records):
        """Refuse where people count on what came in.

        :raises UserError: naming what it is about
        """
        settled = self._get_lines(records).filtered(
            lambda line: line.state not in OPEN_STATES
        )
        if settled:
            raise UserError(
                self.env._(
                    "%(count)s commissions of this import are approved, as “%(line)s”. "
                    "What was approved stays; correct it instead.",
                    count=len(settled),
                    line=settled[0].display_name,
                )
            )
        if records._name == "crm.lead" and records.commission_dispute_ids:
            raise UserError(
                self.env._(
                    "“%(lead)s” has a dispute, which stays on record.",
                    lead=records.commission_dispute_ids[0].lead_id.display_name,
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
