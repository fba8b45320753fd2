# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache


class HrCommissionAssignment(models.Model):
    """Who looks after a customer in a role, from one day to another.

    Orders, invoices and payments of the customer (and of its contacts) credit the
    assigned people from then on: renewals, recurring sales, accounts handed over. The
    salesperson of a lead or a deal stays whoever the deal names.
    """

    _name = "hr.commission.assignment"
    _description = "Customer Assignment"
    # hr.mixin: officers choose employees without reading their records
    _inherit = ["hr.commission.guard", "hr.mixin"]
    _order = "partner_id, role_id, date_from desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
        help="With all its contacts.",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        required=True,
        index=True,
        ondelete="restrict",
        help="Who is credited with what this customer buys.",
    )
    user_id = fields.Many2one(
        related="employee_id.user_id", store=True, index=True
    )  # stored for the record rules
    role_id = fields.Many2one(
        "hr.commission.role",
        required=True,
        ondelete="restrict",
        help="As what the person is credited.",
    )
    date_from = fields.Date(
        required=True,
        default=lambda self: self.env.company._commission_local_date(),
        string="From",
        help="From this day on.",
    )
    date_to = fields.Date(string="To", help="Last day. Empty: until further notice.")
    percent = fields.Float(
        string="Share (%)",
        default=100.0,
        digits=(16, 6),
        help="In proportion to others who are assigned in the same role.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="Events of this company and its branches credit the person.",
    )
    note = fields.Char(string="Reason")

    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "An assignment cannot end before it starts.",
    )
    _percent_in_range = models.Constraint(
        "CHECK (percent > 0 AND percent <= 100)", "A share lies between 0 and 100 %."
    )

    @api.constrains("partner_id", "employee_id", "role_id", "date_from", "date_to")
    def _check_overlap(self):
        names = ("partner_id", "employee_id", "role_id", "company_id")
        alike = self.search_fetch(
            Domain.AND(Domain(name, "in", self[name].ids) for name in names),
            [*names, "date_from", "date_to"],
        ).grouped(lambda each: tuple(each[name] for name in names))
        for assignment in self:
            key = tuple(assignment[name] for name in names)
            others = alike.get(key, self.browse()) - assignment
            if any(map(assignment._overlaps, others)):
                raise ValidationError(
                    self.env._(
                        "%(person)s is assigned to %(customer)s in this role on some "
                        "of these days already. End the earlier assignment first.",
                        person=assignment.employee_id.name,
                        customer=assignment.partner_id.display_name,
                    )
                )

    @api.constrains("role_id")
    def _check_role(self):
        for assignment in self:
            if assignment.role_id.is_manager:
                raise ValidationError(
                    self.env._(
                        "Managers are found by who is credited. Choose another role "
                        "for %(customer)s.",
                        customer=assignment.partner_id.display_name,
                    )
                )

    def _overlaps(self, other):
        """Whether both hold on the same day.

        :param other: another assignment
        :rtype: bool
        """
        first, second = sorted((self, other), key=lambda each: each.date_from)
        return not first.date_to or second.date_from <= first.date_to

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        assignments = super().create(vals_list)
        assignments._check_not_own()
        self.env.registry.clear_cache()
        assignments._reprocess_events()
        return assignments

    def write(self, vals):
        if not vals.keys() <= {"note"}:
            self._check_not_own()
            self._check_not_taken()
        self._reprocess_events()
        result = super().write(vals)
        self._check_not_own()
        self._reprocess_events()
        return result

    def unlink(self):
        self._check_not_own()
        self._check_not_taken()
        self._reprocess_events()
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _check_not_own(self):
        """Who gains by an assignment does not make it.

        :raises UserError: for an assignment of the user's own
        """
        if self.env["hr.commission.person"]._is_own(self.employee_id):
            raise UserError(
                self.env._(
                    "You would earn by this assignment yourself. Ask somebody else to "
                    "make it."
                )
            )

    def _check_not_taken(self):
        """Who gets what a colleague loses changes no assignment of theirs.

        :raises UserError: for whoever is assigned to the customer as well, or sells to it
        """
        if self.env.su:
            return
        users, own = self.env["hr.commission.person"]._get_myself()
        for assignment in self.sudo():  # sudo: who sells to whom, whoever asks
            customer = assignment.partner_id.commercial_partner_id
            others = self.sudo().search(  # sudo: as above
                [("partner_id", "child_of", customer.ids)]
            )
            if own & others.employee_id or users & customer._get_sellers():
                raise UserError(
                    self.env._(
                        "You sell to %(customer)s as well, and would get what "
                        "%(person)s loses. Ask somebody else to change it.",
                        customer=customer.display_name,
                        person=assignment.employee_id.name,
                    )
                )

    def _reprocess_events(self):
        """Have events of the customers on the days of these computed again."""
        Event = self.env["hr.commission.event"].sudo()  # sudo: events are technical
        customers = self.sudo().partner_id.commercial_partner_id  # sudo: as above
        if customers:
            Event._touch_customers(customers, min(self.mapped("date_from")))

    # ------------------------------------------------------------------
    # For the pipeline
    # ------------------------------------------------------------------

    @api.model
    @ormcache()
    def _is_used(self):
        """Whether anybody is assigned anywhere: most databases need not ask further."""
        return bool(self.sudo().search([], limit=1))  # sudo: the ledger knows all

    @api.model
    def _read_by_customer(self, customer_ids):
        """Return the assignments of customers, in one statement.

        :param customer_ids: ids of commercial partners
        :return: rows by (customer id, role id)
        """
        self.flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT contact.commercial_partner_id AS customer_id, each.role_id,
                          each.employee_id, each.percent::text, each.date_from,
                          each.date_to, each.company_id
                     FROM hr_commission_assignment each
                     JOIN res_partner contact ON contact.id = each.partner_id
                    WHERE contact.commercial_partner_id = ANY(%s) ORDER BY each.id""",
                list(customer_ids),
            )
        )
        found = defaultdict(list)
        for row in rows:
            found[row["customer_id"], row["role_id"]].append(row)
        return found
