from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare, groupby


class HrCommissionShare(models.Model):
    """Whom an order or an invoice itself credits, role by role.

    It comes before the people of the deal. An invoice without shares of its own has
    those of the order it comes from.
    """

    _name = "hr.commission.share"
    _description = "Commission Share of a Document"
    _inherit = ["hr.commission.guard", "hr.mixin", "hr.commission.role.mixin"]
    _checks_first = True
    _order = "order_id, move_id, role, id"
    _rec_name = "employee_id"

    order_id = fields.Many2one("sale.order", index="btree_not_null", ondelete="cascade")
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        index="btree_not_null",
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True
    )  # stored for the record rules
    employee_id = fields.Many2one("hr.employee", required=True, ondelete="restrict")
    role = fields.Selection(required=True, default="sales")
    percent = fields.Float(
        string="Share (%)", required=True, default=100.0, digits=(16, 6)
    )

    _of_one_document = models.Constraint(
        "CHECK ((order_id IS NULL) != (move_id IS NULL))",
        "A share belongs to an order or to an invoice.",
    )
    _person_on_order_unique = models.UniqueIndex(
        "(order_id, role, employee_id) WHERE order_id IS NOT NULL",
        "Each person has one share per role.",
    )
    _person_on_invoice_unique = models.UniqueIndex(
        "(move_id, role, employee_id) WHERE move_id IS NOT NULL",
        "Each person has one share per role.",
    )
    _percent_in_range = models.Constraint(
        "CHECK (percent > 0 AND percent <= 100)", "A share lies between 0 and 100 %."
    )

    @api.depends("order_id.company_id", "move_id.company_id")
    def _compute_company_id(self):
        for share in self:
            share.company_id = share.order_id.company_id or share.move_id.company_id

    @api.constrains("percent", "role", "order_id", "move_id")
    def _check_shares_sum(self):
        shares = self.order_id.commission_share_ids + self.move_id.commission_share_ids
        shares = shares.sorted(
            lambda each: (each.order_id.id, each.move_id.id, each.role)
        )
        for (document, _role), group in groupby(
            shares, key=lambda each: (each.order_id or each.move_id, each.role)
        ):
            total = sum(share.percent for share in group)
            if float_compare(total, 100.0, precision_digits=4):
                raise ValidationError(
                    self.env._(
                        "The %(role)s shares of “%(document)s” sum to %(total)s %%. "
                        "They must sum to 100 %%.",
                        role=group[0]._get_role_name(),
                        document=document.display_name,
                        total=round(total, 4),
                    )
                )

    # ------------------------------------------------------------------
    # CRUD: documents are computed again
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_given(vals_list)
        before = self._get_own_percents(
            self.order_id.browse(filter(None, (v.get("order_id") for v in vals_list))),
            self.move_id.browse(filter(None, (v.get("move_id") for v in vals_list))),
        )
        shares = super().create(vals_list)
        shares._check_no_larger_share(before)
        shares._recapture_documents()
        return shares

    def write(self, vals):
        self._check_given([vals])
        self._recapture_documents()
        before = self._get_own_percents(
            self.order_id | self.order_id.browse(vals.get("order_id") or ()),
            self.move_id | self.move_id.browse(vals.get("move_id") or ()),
        )
        result = super().write(vals)
        self._check_no_larger_share(before)
        if not {"order_id", "move_id"}.isdisjoint(vals):
            self.check_access("write")  # Odoo checks the place before only
        self._recapture_documents()
        return result

    def unlink(self):
        orders, invoices = self.order_id, self.move_id
        before = self._get_own_percents(orders, invoices)
        result = super().unlink()
        self._check_no_larger_share(before, orders.exists(), invoices.exists())
        orders.exists()._recapture_credited()
        invoices.exists()._recapture_credited()
        return result

    @api.model
    def _get_own_percents(self, orders, invoices):
        """Return what the current user, as a person, has of these documents.

        :rtype: dict[tuple, float]
        """
        # sudo: who has what, whoever asks
        sellers = [(order, order.user_id) for order in orders.sudo()]
        sellers += [(move, move.invoice_user_id) for move in invoices.sudo()]
        return self.env["hr.commission.person"]._sum_own_shares(
            (document, document.commission_share_ids, {"sales": user.employee_ids})
            for document, user in sellers
        )

    def _check_no_larger_share(self, before, orders=None, invoices=None):
        """Refuse that somebody shares a document in their own favour.

        :param dict before: what they had of it
        """
        now = self._get_own_percents(
            self.order_id if orders is None else orders,
            self.move_id if invoices is None else invoices,
        )
        self.env["hr.commission.person"]._check_no_larger_share(before, now)

    def _recapture_documents(self):
        self.order_id._recapture_credited()
        self.move_id._recapture_credited()
