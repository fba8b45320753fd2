# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..pipeline.pool_shares import Pool


class HrCommissionPool(models.Model):
    """A department or a team that fills a role together, and how it shares.

    On the day of an event the members share what the role earns by the key; the parts
    sum to the whole.
    """

    _name = "hr.commission.pool"
    _description = "Commission Pool"
    # hr.mixin: officers choose employees without reading their records
    _inherit = ["hr.commission.guard", "hr.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="The pool is for events of this company and its branches.",
    )
    date_from = fields.Date(
        string="From",
        help="First day of events it takes. Empty: all, earlier ones too.",
    )
    role_id = fields.Many2one(
        "hr.commission.role",
        required=True,
        ondelete="restrict",
        domain="[('is_manager', '=', False)]",
        default=lambda self: self._default_role_id(),
        help="What the pool earns for.",
    )
    takes = fields.Selection(
        [
            ("nobody", "What belongs to nobody"),
            ("all", "Everything of the role"),
        ],
        required=True,
        default="nobody",
        help="Nobody: leads of a campaign without owner, deals without salesperson. "
        "Everything: also instead of the person whom the deal would credit.",
    )
    member_ids = fields.Many2many(
        "hr.employee",
        "hr_commission_pool_member_rel",
        "pool_id",
        "employee_id",
        string="Members",
        help="Empty: everybody who is in the department on the day.",
    )
    department_id = fields.Many2one(
        "hr.department",
        help="Whoever is in the department, or below it, on the day is a member.",
    )
    key = fields.Selection(
        [
            ("equal", "In equal parts"),
            ("wage", "By wage"),
            ("hours", "By working hours"),
            ("result", "By own result"),
            ("fixed", "By fixed shares"),
        ],
        required=True,
        default="equal",
        help="Wage: of the contract on the day. Working hours: those attended in the "
        "month before, or of the working schedule where nobody registers attendance. "
        "Own result: amount of the deals that the member sold or brought in the 90 "
        "days up to the day. Of a settled target both are of its period. Where a key "
        "gives nobody anything, parts are equal.",
    )
    share_ids = fields.One2many(
        "hr.commission.pool.share", "pool_id", string="Fixed Shares", copy=True
    )
    member_count = fields.Integer(compute="_compute_member_count")

    @api.model
    def _default_role_id(self):
        return self.env.ref(
            "hr_sales_commission.hr_commission_role_marketing", raise_if_not_found=False
        )

    @api.depends("member_ids", "department_id", "share_ids", "key")
    def _compute_member_count(self):
        for pool in self:
            company = pool.company_id or self.env.company
            pool.member_count = len(pool._get_members(company._commission_local_date()))

    def _get_members(self, day):
        """Return who shares in the pool on a day.

        :rtype: hr.employee
        """
        self.ensure_one()
        if self.key == "fixed":
            return self.share_ids.employee_id
        if self.member_ids or not self.department_id:
            return self.member_ids
        versions = self.env["hr.version"].sudo()  # sudo: who is in which department
        found = versions.search(
            [
                ("department_id", "child_of", self.department_id.id),
                ("date_version", "<=", day),
                ("employee_id.active", "=", True),
            ]
        )
        return found.employee_id.filtered(
            lambda employee: employee._get_version(day) in found
        )

    @api.constrains("key", "share_ids", "member_ids", "department_id", "active")
    def _check_members(self):
        for pool in self.filtered("active"):
            if pool.key == "fixed" and not pool.share_ids:
                raise ValidationError(
                    self.env._(
                        "“%(pool)s” shares by fixed shares: say whose they are.",
                        pool=pool.name,
                    )
                )
            if pool.key != "fixed" and not (pool.member_ids or pool.department_id):
                raise ValidationError(
                    self.env._(
                        "“%(pool)s” has no members: choose people or a department.",
                        pool=pool.name,
                    )
                )

    def _check_not_own(self):
        """Nobody decides about a pool in which they share.

        :raises AccessError: naming the pool
        """
        if self.env.su:
            return
        Person = self.env["hr.commission.person"]
        for pool in self.sudo():  # sudo: who is in the pool
            today = pool.company_id._commission_local_date()
            if Person._is_own(pool._get_members(today) | pool.share_ids.employee_id):
                raise AccessError(
                    self.env._(
                        "You share in “%(pool)s” yourself. Somebody else decides who "
                        "shares in it, and how.",
                        pool=pool.name,
                    )
                )

    def _check_may_share_by(self):
        """Let nobody find out wages by parts of a pool who may not read them.

        :raises AccessError: saying whom to ask
        """
        versions = self.env["hr.version"]
        if self.env.su or versions._has_field_access(versions._fields["wage"], "read"):
            return
        if "wage" in self.mapped("key"):
            raise AccessError(
                self.env._(
                    "Parts by wage tell the wages. Ask somebody who may read contracts "
                    "to set up this pool."
                )
            )

    @api.constrains("role_id")
    def _check_role(self):
        for pool in self:
            if pool.role_id.is_manager:
                raise ValidationError(
                    self.env._(
                        "“%(pool)s” cannot fill a manager level: managers are found "
                        "by who is credited.",
                        pool=pool.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        pools = super().create(vals_list)
        pools._check_not_own()
        pools._check_may_share_by()
        self.env.registry.clear_cache()
        pools._reprocess_uncredited()
        return pools

    def write(self, vals):
        self._check_not_own()
        result = super().write(vals)
        self._check_not_own()
        self._check_may_share_by()
        self.env.registry.clear_cache()
        self._reprocess_uncredited()
        return result

    def unlink(self):
        self._check_not_own()
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _reprocess_uncredited(self):
        """Have events that credit nobody computed again: they may be the pool's."""
        Event = self.env["hr.commission.event"].sudo()  # sudo: events are technical
        for pool in self.sudo().filtered("active"):  # sudo: of any company
            Event._set_pending(
                Domain("company_id", "child_of", pool.company_id.id)
                & Domain("date", ">=", pool.date_from or date.min)
                & Domain("lead_id.commission_source", "!=", "own")
                & Domain(
                    "credit_ids",
                    "not any",
                    [("role", "=", pool.role_id.code), ("share", "!=", 0)],
                )
            )

    @api.model
    @ormcache()
    def _get_pools(self):
        """Return the pools as the pipeline knows them, in their order.

        :rtype: tuple[Pool]
        """
        # sudo: the ledger knows every pool
        pools = self.sudo().search([("active", "=", True)])
        return tuple(
            Pool(
                id=pool.id,
                name=pool.name,
                company_id=pool.company_id.id,
                role=pool.role_id.code,
                takes_all=pool.takes == "all",
                key=pool.key,
                date_from=pool.date_from or None,
                member_ids=tuple(pool.member_ids.ids),
                department_id=pool.department_id.id or None,
                shares=tuple(
                    (share.employee_id.id, share.percent) for share in pool.share_ids
                ),
            )
            for pool in pools
        )
