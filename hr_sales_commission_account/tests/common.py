# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import fields
from odoo.fields import Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.hr_sales_commission.tests import cast

from . import books


class CommissionAccountCommon(AccountTestInvoicingCommon):
    """A company with its accounts, a salesperson, a colleague and a marketer.

    ``seller``, ``colleague`` and ``marketer`` are employees. No plan holds until a
    test makes one with :meth:`_make_plan`.
    """

    chart_template = books.CHART

    @classmethod
    def setup_independent_company(cls, **kwargs):
        company = books.find(cls.env).get("company")
        if not company:
            return super().setup_independent_company(**kwargs)
        cls.env.user.company_ids += company
        return company

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.resource_calendar_id.tz = "UTC"
        people = books.find(cls.env) or books.create_people(cls.env, cls.company)
        for name in books.PEOPLE:
            setattr(cls, name, people[name])
        cls.customer = cls.env["res.partner"].create({"name": "Harbour Cranes"})
        cls.tax = cls.company_data["default_tax_sale"]
        cls.product, cls.other_product = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "invoice_policy": "order",
                    "list_price": 1000,
                    "standard_price": cost,
                    "taxes_id": [Command.set(cls.tax.ids)],
                }
                for name, cost in (("Crane", 600), ("Hook", 900))
            ]
        )
        stages = cls.env["crm.stage"].search([("team_ids", "=", False)])
        cls.stage_won = stages.filtered("is_won")[:1]
        cls.stage_new = stages.filtered(lambda stage: not stage.is_won)[:1]

    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.quick_ref("sales_team.group_sale_manager")
            | cls.quick_ref("hr.group_hr_manager")
            | cls.quick_ref("hr_sales_commission.group_commission_administrator")
        )

    @classmethod
    def _create_person(cls, login, role="sales"):
        users = cast.create_users(cls.env, (login, cls.company, cast.SALES))
        return cls.env["hr.employee"].create(
            cast.employee_vals(users[login], cls.company, None, role)
        )

    @classmethod
    def _make_plan(cls, *rules, **vals):
        plan = cls._draft_plan(*rules, **vals)
        plan.action_activate()
        return plan

    @classmethod
    def _draft_plan(cls, *rules, **vals):
        return cls.env["hr.commission.plan"].create(
            {
                "name": "Test Plan",
                "company_id": cls.company.id,
                "date_start": "2020-01-01",
                "payout": "immediate",
                "rule_ids": [
                    Command.create(
                        {
                            "name": f"Rule {number}",
                            "requires_verification": False,
                            **rule,
                        }
                    )
                    for number, rule in enumerate(rules, start=1)
                ],
                **vals,
            }
        )

    # ------------------------------------------------------------------
    # Documents
    # ------------------------------------------------------------------

    @classmethod
    def _lead(cls, won=True, **vals):
        return cls.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "company_id": cls.company.id,
                "partner_id": cls.customer.id,
                "user_id": cls.seller.user_id.id,
                "team_id": False,
                "stage_id": (cls.stage_won if won else cls.stage_new).id,
                "commission_source": "own",
                "source_state": "verified",
                **vals,
            }
        )

    @classmethod
    def _order_line(cls, price, quantity=1, product=None, **vals):
        return Command.create(
            {
                "product_id": (product or cls.product).id,
                "product_uom_qty": quantity,
                "price_unit": price,
                "tax_ids": [Command.set(cls.tax.ids)],
                **vals,
            }
        )

    @classmethod
    def _order(cls, *prices, lead=None, confirm=True, date=None, **vals):
        lines = [
            price if isinstance(price, tuple) else cls._order_line(price)
            for price in prices
        ]
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "user_id": cls.seller.user_id.id,
                "opportunity_id": lead.id if lead else False,
                "order_line": lines,
                **vals,
            }
        )
        if confirm:
            order.action_confirm()
            if date:
                order.date_order = date
        return order

    @classmethod
    def _invoice_order(cls, order, date="2026-01-10", post=True):
        invoice = order._create_invoices(final=True)
        invoice.write({"invoice_date": date, "invoice_date_due": date})
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def _invoice(
        cls,
        *prices,
        date="2026-01-10",
        currency=None,
        refund=False,
        tax=True,
        post=True,
        **vals,
    ):
        taxes = cls.tax.ids if tax else []
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_refund" if refund else "out_invoice",
                "partner_id": cls.customer.id,
                "invoice_date": date,
                "invoice_user_id": cls.seller.user_id.id,
                "currency_id": (currency or cls.company.currency_id).id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "price_unit": price,
                            "tax_ids": [Command.set(taxes)],
                        }
                    )
                    for price in prices
                ],
                **vals,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def _down_payment(cls, order, amount):
        wizard = cls.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "fixed",
                "fixed_amount": amount,
            }
        )
        return wizard._create_invoices(order)

    @classmethod
    def _pay(cls, invoices, amount=None, date="2026-02-15", **vals):
        """Register a payment; of a part of the invoice when an amount is given."""
        if amount is not None:
            vals["amount"] = amount
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create({"payment_date": date, **vals})
        )
        return wizard._create_payments()

    @classmethod
    def _refund(cls, invoice, date="2026-03-01", price=None, reconcile=False):
        """Make and post a credit note of an invoice, of another amount if given."""
        wizard = (
            cls.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "date": date})
        )
        action = wizard.refund_moves()
        note = cls.env["account.move"].browse(action["res_id"])
        if price is not None:
            note.invoice_line_ids[1:].unlink()
            note.invoice_line_ids.price_unit = price
            note.invoice_line_ids.quantity = 1
        note.invoice_date = date
        note.action_post()
        if not reconcile:
            cls._receivable(note).remove_move_reconcile()
        return note

    @classmethod
    def _receivable(cls, move):
        return move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    @classmethod
    def _process(cls):
        return cls.env["hr.commission.event"]._process()

    # ------------------------------------------------------------------
    # Looking at the result
    # ------------------------------------------------------------------

    @classmethod
    def _events(cls, event_type, standing=True):
        domain = [
            ("event_type", "=", event_type),
            ("company_id", "=", cls.company.id),
        ]
        if standing:
            domain.append(("date_reversed", "=", False))
        return cls.env["hr.commission.event"].search(domain, order="date, id")

    @classmethod
    def _lines(cls, employee=None):
        return cls.env["hr.commission.line"].search(
            [
                ("company_id", "=", cls.company.id),
                ("employee_id", "=", (employee or cls.seller).id),
                ("state", "!=", "cancelled"),
            ],
            order="date, id",
        )

    @classmethod
    def _earned(cls, employee=None):
        cls._process()
        currency = cls.company.currency_id
        return currency.round(sum(cls._lines(employee).mapped("amount")))

    def assertNoError(self):
        failed = self.env["hr.commission.event"].search([("state", "=", "error")])
        self.assertFalse(failed, failed.mapped("error"))

    def assertEarned(self, amount, employee=None):
        """Compare what somebody earned so far, after computing what waits."""
        earned = self._earned(employee)
        self.assertNoError()
        self.assertAlmostEqual(earned, amount, places=4)

    def assertPaidByDay(self, expected):
        """Compare what the seller earned by day.

        :param dict expected: amounts by day, as text
        """
        self._process()
        self.assertNoError()
        actual = {}
        for line in self._lines():
            day = fields.Date.to_string(line.date)
            actual[day] = round(actual.get(day, 0.0) + line.amount, 2)
        self.assertEqual(actual, expected)
