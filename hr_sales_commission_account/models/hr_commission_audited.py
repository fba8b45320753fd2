# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What people change by hand on confirmed orders and posted invoices is logged.

By field where it is written, and for each document what it is worth, when it happened
and whether it stands: whatever path moved them.
"""

from odoo import api, models

from odoo.addons.hr_sales_commission.models.hr_commission_audited import SHARE_FIELDS

from .sale_order_line import AMOUNT_FIELDS

ORDER_FIELDS = ("user_id", "partner_id", "opportunity_id", "currency_id")
INVOICE_FIELDS = ("invoice_user_id", "partner_id", "reversed_entry_id")
ITEM_FIELDS = tuple(sorted(AMOUNT_FIELDS))
#: what stands for the fact of a document in its log entries, by what of it moved
FACT_FIELDS = {
    "sale.order": {"amount": "amount_untaxed", "date": "date_order"},
    "account.move": {"amount": "amount_untaxed", "date": "invoice_date"},
}


class HrCommissionAudit(models.Model):
    _inherit = "hr.commission.audit"

    @api.model
    def _get_subjects(self, records):
        """Of orders and invoices, also by their lines, who is credited earns."""
        subjects = super()._get_subjects(records)
        subjects.update({each: {each} for each in records if each[0] in FACT_FIELDS})
        items = self.env["sale.order.line"].sudo()  # sudo: of which order, no more
        ids = [record_id for model, record_id in records if model == items._name]
        for item in items.browse(ids).exists():
            order = ("sale.order", item.order_id.id)
            subjects.setdefault(order, set()).add((items._name, item.id))
        return subjects


class HrCommissionDocument(models.AbstractModel):
    _inherit = "hr.commission.document"

    def _get_audit_employee(self):
        """Return the salesperson; read for all documents at once."""
        name = "user_id" if self._name == "sale.order" else "invoice_user_id"
        users = self[name].sudo()  # sudo: of the salesperson
        return users._get_audit_employee_in(self.company_id)

    def _log_moved_facts(self, moved):
        """Log which facts of documents somebody moved, and how.

        :param moved: pairs of the fact as recorded and as it is now, None if undone
        """
        if not self.env.context.get("commission_by_hand"):
            return
        entries = []
        for known, fact in moved:
            document = self.browse(known["res_id"])
            for name, old, new in document._get_moved(known, fact):
                entries.append(
                    {
                        **document._get_audit_values(),
                        "act": "change",
                        "field_name": name,
                        "old_value": str(old),
                        "new_value": str(new),
                        "amount": (fact or known)["amount"],
                    }
                )
        # sudo(False): by whoever is at work, not by the system
        self.env["hr.commission.audit"].sudo(False)._log(entries)

    def _get_moved(self, known, fact):
        """Yield what of a fact moved: name of a field, old and new value."""
        self.ensure_one()
        names = FACT_FIELDS[self._name]
        if not fact:
            yield "state", self.env._("counted"), self.state
            return
        if known["date_reversed"]:
            yield "state", self.env._("undone"), self.state
        if known["date"] != fact["date"]:
            yield names["date"], known["date"], fact["date"]
        currency = self.company_id.sudo().currency_id  # sudo: a branch's parent company
        before, now = float(known["amount"]), float(fact["amount"])
        if currency.compare_amounts(before, now):
            yield names["amount"], before, now


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        audit = self.env["hr.commission.audit"]
        with audit._tracking(self._filter_confirmed(), vals, ORDER_FIELDS):
            return super().write(vals)


class AccountMove(models.Model):
    _inherit = "account.move"

    def write(self, vals):
        names = [name for name in INVOICE_FIELDS if name in vals]
        posted = self.browse()
        if names:
            posted = self._filter_customer_documents().filtered(
                lambda move: move.state == "posted"
            )
        with self.env["hr.commission.audit"]._tracking(posted, vals, names):
            return super().write(vals)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items._log_confirmed("create")
        return items

    def write(self, vals):
        audit = self.env["hr.commission.audit"]
        names = [name for name in ITEM_FIELDS if name in vals]
        confirmed = self._filter_confirmed() if names else self.browse()
        with audit._tracking(confirmed, vals, names):
            return super().write(vals)

    def unlink(self):
        self._log_confirmed("remove")
        return super().unlink()

    def _filter_confirmed(self):
        return self.filtered(
            lambda item: (
                item.order_id.state == "sale"
                and not (item.display_type or item.is_downpayment)
            )
        )

    def _log_confirmed(self, act):
        if not self.env.su:
            items = self._filter_confirmed()
            self.env["hr.commission.audit"]._log_records(act, items, ITEM_FIELDS)

    def _get_audit_company(self):
        return self.order_id.company_id

    def _get_audit_employee(self):
        return self.order_id._get_audit_employee()


class HrCommissionShare(models.Model):
    _name = "hr.commission.share"
    _inherit = ["hr.commission.share", "hr.commission.audited"]

    _audited_fields = SHARE_FIELDS
