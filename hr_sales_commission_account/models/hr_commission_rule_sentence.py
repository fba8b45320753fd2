# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What a rule on documents says in a sentence."""

from odoo import api, models
from odoo.tools import LazyTranslate

from odoo.addons.hr_sales_commission.models.hr_commission_rule_sentence import (
    EVENTS_IN_WORDS,
)
from odoo.addons.hr_sales_commission.pipeline.reader_numbers import format_number

_lt = LazyTranslate(__name__)

EVENTS_IN_WORDS.update(
    {
        "order_confirmed": _lt("orders confirmed"),
        "invoice_posted": _lt("amounts invoiced"),
        "payment_received": _lt("money collected"),
    }
)


class HrCommissionRule(models.Model):
    _inherit = "hr.commission.rule"

    @api.depends(
        "product_domain",
        "customer_domain",
        "min_discount",
        "max_discount",
        "customer_kind",
        "event_type",
        "collected_within",
        "collected_from",
        "fully_paid_only",
        "unpaid_clawback_days",
        "margin_percent_min",
        "signing_percent",
    )
    def _compute_sentence(self):
        return super()._compute_sentence()

    def _say_base(self):
        what = super()._say_base()
        if self.amount_type != "percent" or self.base in ("amount", "bonus"):
            return what
        if self.base == "wage":
            return self.env._("the contract wage for %(what)s", what=what)
        base = self._choice("base")
        return self.env._("%(what)s (%(base)s)", what=what, base=base)

    def _say_conditions(self):
        parts = super()._say_conditions()
        if self._normalize_domain(self.product_domain):
            parts.append(
                self._link("product_domain", self.env._("on the chosen products"))
            )
        if self._normalize_domain(self.customer_domain):
            parts.append(
                self._link("customer_domain", self.env._("of the chosen customers"))
            )
        if self.customer_kind:
            parts.append(self._link("customer_kind", self._choice("customer_kind")))
        if self.min_discount or self.max_discount < 100:
            text = self.env._(
                "on lines with a discount from %(low)s to below %(high)s %%",
                low=format_number(self.env, self.min_discount),
                high=format_number(self.env, self.max_discount),
            )
            parts.append(self._link("min_discount", text))
        if self.margin_percent_min:
            text = self.env._(
                "with a margin of at least %(percent)s %%",
                percent=format_number(self.env, self.margin_percent_min),
            )
            parts.append(self._link("margin_percent_min", text))
        parts.append(self._link("collected_within", self._say_collection()))
        if self.fully_paid_only:
            parts.append(
                self._link("fully_paid_only", self.env._("when everything is paid"))
            )
        return parts

    def _say_collection(self):
        if not self._asks_when_collected():
            return ""
        if not self.collected_within:
            return self.env._("when collected by the due date")
        if self.collected_from == "due":
            return self.env._(
                "when collected within %(days)s days of the due date",
                days=self.collected_within,
            )
        return self.env._(
            "when collected within %(days)s days of the invoice",
            days=self.collected_within,
        )

    def _say_unpaid(self):
        if self.collected_from == "due":
            return self.env._(
                "taken back while unpaid %(days)s days after the due date",
                days=self.unpaid_clawback_days,
            )
        return self.env._(
            "taken back while unpaid after %(days)s days",
            days=self.unpaid_clawback_days,
        )

    def _say_payment(self):
        parts = super()._say_payment()
        if self.unpaid_clawback_days:
            text = self._say_unpaid()
            parts.append(self._link("unpaid_clawback_days", text))
        if self.signing_percent < 100:
            text = self.env._(
                "%(percent)s %% of it on signing, the rest as the customer pays",
                percent=format_number(self.env, self.signing_percent),
            )
            parts.append(self._link("signing_percent", text))
        return parts
