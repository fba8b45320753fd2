# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..pipeline.isolation import lock_quietly
from ..pipeline.titles import labelled, listed
from ..pipeline.told import CLOSE, told


class HrCommissionHandover(models.TransientModel):
    """Hands over what somebody who leaves has open, from a day on.

    Open deals get another salesperson, customers another person who looks after them
    (whose orders, invoices and money are credited from then on), and coming targets
    another employee. What was won, sold or collected before stays the leaver's.
    """

    _name = "hr.commission.handover"
    _description = "Hand Over Customers and Deals"
    _inherit = [
        "hr.commission.guard",
        "hr.mixin",
    ]  # officers choose employees without reading their records

    employee_id = fields.Many2one(
        "hr.employee",
        string="Handed Over By",
        required=True,
        ondelete="cascade",
        help="Whose deals, customers and targets others take over.",
    )
    successor_id = fields.Many2one(
        "hr.employee",
        string="Taken Over By",
        required=True,
        ondelete="cascade",
        help="Each row may name somebody else.",
    )
    date = fields.Date(
        string="From Day",
        required=True,
        default=lambda self: self.env.company._commission_local_date(),
        help="First day on which what happens is credited to the successor.",
    )
    line_ids = fields.One2many(
        "hr.commission.handover.line",
        "handover_id",
        string="What Is Handed Over",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        help="Each can go to somebody else.",
    )
    summary = fields.Text(compute="_compute_summary")

    @api.depends("employee_id", "successor_id", "date")
    def _compute_line_ids(self):
        for handover in self:
            rows = (
                handover._get_rows()
                if handover.employee_id and handover.successor_id and handover.date
                else []
            )
            handover.line_ids = [
                Command.clear(),
                *(
                    Command.create({"successor_id": handover.successor_id.id, **row})
                    for row in rows
                ),
            ]

    @api.depends("line_ids.successor_id", "line_ids.amount")
    def _compute_summary(self):
        """Say what each successor gets."""
        for handover in self:
            lines = handover.line_ids.filtered("successor_id")
            kinds = dict(lines._fields["kind"]._description_selection(self.env))
            rows = []
            for successor, own in lines.grouped("successor_id").items():
                counts = [
                    labelled(self.env, label, len(of_kind))
                    for kind, label in kinds.items()
                    if (
                        of_kind := own.filtered(
                            lambda each, kind=kind: each.kind == kind
                        )
                    )
                ]
                rows.append(f"{successor.name} – {listed(self.env, counts)}")
            handover.summary = "\n".join(rows)

    # ------------------------------------------------------------------
    # What there is to hand over
    # ------------------------------------------------------------------

    def _get_rows(self):
        """Return the values of the rows; addons add what they know.

        :rtype: list[dict]
        """
        self.ensure_one()
        return self._get_deals() + self._get_customers() + self._get_targets()

    def _get_deals(self):
        user = self.employee_id.user_id
        if not user:
            return []
        leads = self.env["crm.lead"].search(
            Domain("user_id", "=", user.id) & Domain("won_status", "=", "pending")
        )
        return [
            {
                "kind": "deal",
                "res_model": lead._name,
                "res_id": lead.id,
                "name": lead.name,
                "amount": lead.expected_revenue,
                "currency_id": lead.company_currency.id,
            }
            for lead in leads
        ]

    def _get_customers(self):
        assignments = self.env["hr.commission.assignment"].search(
            Domain("employee_id", "=", self.employee_id.id)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", self.date))
        )
        return [
            {
                "kind": "customer",
                "res_model": each._name,
                "res_id": each.id,
                "name": f"{each.partner_id.display_name} – {each.role_id.name}",
            }
            for each in assignments
        ]

    def _get_targets(self):
        targets = self.env["hr.commission.target"].search(
            Domain("employee_id", "=", self.employee_id.id)
            & Domain("date_from", ">=", self.date)
            & Domain("whole_id", "=", False)  # parts go with their whole
        )
        return [
            {
                "kind": "target",
                "res_model": each._name,
                "res_id": each.id,
                "name": each.display_name,
                "amount": each.amount,
                "currency_id": each.money_id.id,
            }
            for each in targets
        ]

    # ------------------------------------------------------------------
    # Handing over
    # ------------------------------------------------------------------

    def action_hand_over(self):
        """Hand over every row to its successor.

        :return: the notification that says how many
        :raises UserError: if a successor cannot take a row, or somebody else was faster
        """
        self._ensure_one_given()
        lines = self.line_ids.filtered("successor_id")
        self._check_still_theirs(lines)
        for line in lines:
            if line.successor_id == self.employee_id:
                raise UserError(
                    self.env._(
                        "“%(name)s” would stay with %(person)s. Choose somebody else, "
                        "or remove the row.",
                        name=line.name,
                        person=self.employee_id.name,
                    )
                )
        for (kind, model, successor), rows in lines.grouped(
            lambda line: (line.kind, line.res_model, line.successor_id)
        ).items():
            records = self.env[model].browse(rows.mapped("res_id"))
            getattr(self, f"_hand_over_{kind}")(records, successor)
        text = self.env._("Handed over: %(count)s", count=len(lines))
        return told("success", text, CLOSE)

    def _check_still_theirs(self, lines):
        """Refuse rows that are not open any more, or never were.

        :raises UserError: naming the first
        """
        for model, rows in lines.grouped("res_model").items():
            # sudo: two people hand over at once; the rows are checked below
            lock_quietly(self.env[model].sudo().browse(rows.mapped("res_id")))
        theirs = {(each["kind"], each["res_id"]) for each in self._get_rows()}
        for line in lines:
            if (line.kind, line.res_id) not in theirs:
                raise UserError(
                    self.env._(
                        "“%(name)s” is not open with %(person)s any more. Choose the "
                        "person again, and look at what is left.",
                        name=line.name,
                        person=self.employee_id.name,
                    )
                )

    def _hand_over_deal(self, leads, successor):
        if not successor.user_id:
            raise UserError(
                self.env._(
                    "%(person)s has no user and cannot be the salesperson of "
                    "“%(deal)s”. Choose somebody else, or link the employee to a user.",
                    person=successor.name,
                    deal=leads[:1].name,
                )
            )
        leads.user_id = successor.user_id

    def _hand_over_customer(self, assignments, successor):
        """End assignments the day before, and go on with the successor."""
        vals = {
            "employee_id": successor.id,
            "note": self.env._(
                "Handed over by %(person)s", person=self.employee_id.name
            ),
        }
        running = assignments.filtered(lambda each: each.date_from < self.date)
        (assignments - running).write(vals)
        running.copy({**vals, "date_from": self.date})
        running.write({"date_to": self.date - timedelta(days=1)})

    def _hand_over_target(self, targets, successor):
        """Give the successor targets, on top of own ones of the same periods."""
        names = ("measure", "period", "date_from")
        own = targets.search_fetch(
            Domain("employee_id", "=", successor.id)
            & Domain.AND(Domain(name, "in", targets.mapped(name)) for name in names),
            names,
        ).grouped(lambda each: tuple(each[name] for name in names))
        added = targets.browse()
        for target in targets:
            found = own.get(tuple(target[name] for name in names))
            if found:
                found[0].amount += target.amount
                added += target
        added.unlink()
        (targets - added).write(
            {"employee_id": successor.id, "company_id": successor.company_id.id}
        )
