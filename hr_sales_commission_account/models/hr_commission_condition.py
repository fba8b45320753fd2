# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Conditions may ask orders and invoices, too."""

from odoo import api, models

from odoo.addons.hr_sales_commission.models.hr_commission_condition import NAMES

#: what conditions may ask of products, orders and invoices
ASKABLE = {
    "product.product": None,
    "product.template": None,
    "product.category": None,
    "product.tag": None,
    "product.attribute": None,
    "product.attribute.value": None,
    "product.template.attribute.value": None,
    "product.pricelist": NAMES,
    "uom.uom": NAMES,
    "sale.order": None,
    "sale.order.line": None,
    "account.move": None,
    "account.payment.term": NAMES,
    "account.fiscal.position": NAMES,
}


class HrCommissionCondition(models.AbstractModel):
    _inherit = "hr.commission.condition"

    @api.model
    def _get_askable_models(self):
        return {**super()._get_askable_models(), **ASKABLE}
