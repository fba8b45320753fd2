# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Plans that pay on documents: which facts they need."""

from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache

from odoo.addons.hr_sales_commission.engine.conditions import asked_facts
from odoo.addons.hr_sales_commission.engine.measures import measure_of

from ..pipeline.amount_bases import BASES
from ..pipeline.commission_scope import SCOPE_MARK, WHOLE, TriedScopes
from ..pipeline.sold_documents import INVOICED, ORDERED
from .hr_commission_event import DOCUMENT_EVENTS


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    refund_basis = fields.Selection(
        [
            ("origin", "As of the day of the sale"),
            ("day", "As of the day of the refund"),
        ],
        string="Refunds",
        required=True,
        default="origin",
        help="A credit note takes back what its invoice paid: by the plan, the rate and "
        "the bracket of the day of the invoice, or of its own day.",
    )
    collected_basis = fields.Selection(
        [
            ("money", "Only money received"),
            ("withheld", "Money received and tax withheld by the customer"),
            ("settled", "Whatever settles the invoice"),
        ],
        string="Counts as Collected",
        required=True,
        default="withheld",
        help="What counts as collected. A credit note never does. What is written off "
        "within a payment does, unless only money counts.",
    )

    cost_basis = fields.Selection(
        [
            ("day", "Those of the day"),
            ("open", "Taken again until the month is closed"),
        ],
        string="Costs",
        required=True,
        default="day",
        help="The costs that margins are reckoned with. Taken again: costs that are "
        "known only after the sale change what it pays, as a difference, as long as the "
        "month of the order or invoice is open.",
    )

    @api.model
    def _looks_at_origin(self, plan_id):
        """Say what the plan chose; replaces the answer for plans without documents."""
        plan = self.sudo().browse(plan_id)  # sudo: may be the parent company's
        return plan.refund_basis != "day"

    document_credit = fields.Selection(
        [
            ("lead", "The people of the deal"),
            ("document", "The document's own salesperson"),
        ],
        string="Orders and Invoices Credit",
        required=True,
        default="lead",
        help="Of orders and invoices that belong to a deal. Shares named on the document "
        "come before both; without a deal it is the document's salesperson.",
    )

    def _find_errors(self, *args, **kwargs):
        errors = super()._find_errors(*args, **kwargs)
        for rule in self.rule_ids:
            if rule.base == "wage" and not rule._may_use_wages():
                errors.append(
                    self.env._(
                        "“%(rule)s” pays a part of people's wages: somebody from human "
                        "resources activates the plan.",
                        rule=rule.name,
                    )
                )
        return errors

    def _get_conditions(self):
        conditions = super()._get_conditions()
        for rule in self.rule_ids:
            name = rule.name or ""
            conditions += [
                (name, "product.product", rule.product_domain),
                (name, "res.partner", rule.customer_domain),
            ]
        return conditions

    def _get_condition_fields(self):
        of_documents = {
            "product_domain": "product.product",
            "customer_domain": "res.partner",
        }
        return [*super()._get_condition_fields(), (self.rule_ids, of_documents)]

    @api.depends(
        "rule_ids.base",
        "rule_ids.product_domain",
        "rule_ids.min_discount",
        "rule_ids.max_discount",
        "rule_ids.customer_domain",
        "rule_ids.customer_kind",
        "rule_ids.signing_percent",
    )
    def _compute_example_result(self):
        return super()._compute_example_result()

    def _get_example_event_types(self, engine_rules):
        """Add the parts of documents that rules pay on: the example satisfies all.

        And the payments on which a rule pays what it did not pay on signing.
        """
        [event_type] = super()._get_example_event_types(engine_rules)
        concerned = {
            rule.id
            for rule in engine_rules
            if rule.event_type.partition(SCOPE_MARK)[0] == event_type
        }
        parts = {rule.event_type for rule in engine_rules if rule.id in concerned}
        return [event_type, *sorted(parts - {event_type})]

    @api.model
    def _credits_document(self, company_id, day):
        """Whether documents of a company credit their own salesperson on a day.

        :rtype: bool
        """
        return self._get_document_credit(self._get_plan_id(company_id, day))

    @api.model
    @ormcache("plan_id")
    def _get_document_credit(self, plan_id):
        plan = self.sudo().browse(plan_id)  # sudo: may be the parent company's
        return plan.document_credit == "document"

    @api.model
    def _get_scopes(self, event_type):
        """Return the parts of documents that rules in force pay on.

        :param str event_type: an event of orders, invoices or payments
        :return: scopes, the whole document first
        :rtype: tuple[Scope]
        """
        return self._get_scopes_in_use()[event_type]

    @api.model
    def _get_scopes_in_use(self):
        """Return the scopes by event type: of the plan that is tried, if one is."""
        tried = self.env.context.get("commission_scopes")
        if isinstance(tried, TriedScopes):  # nothing that comes in from outside is
            return tried
        return self._get_scopes_by_event_type()

    def _get_try_context(self):
        scopes = dict(self._get_scopes_by_event_type())
        for kind, scope in self.rule_ids._get_scopes():
            if scope not in scopes[kind]:
                scopes[kind] += (scope,)
        return {
            **super()._get_try_context(),
            "commission_scopes": TriedScopes(scopes),
            "commission_costs": "margin" in asked_facts(self._to_engine()[0]),
        }

    def _get_asked_scopes(self, engine_plan):
        """Return the scopes of documents to know for this plan, by event type.

        The whole documents with them, as they are always recorded, also where brackets
        count what the plan does not pay on.

        :param facts.Plan engine_plan: this plan
        """
        scopes = {event_type: () for event_type in DOCUMENT_EVENTS}
        for rule in engine_plan.rules:
            if rule.tier_mode != "none":
                for event_type in scopes.keys() & set(measure_of(rule).event_types):
                    scopes[event_type] = (WHOLE,)
        for event_type, scope in self.rule_ids._get_scopes():
            scopes[event_type] = (*(scopes[event_type] or (WHOLE,)), scope)
        return {kind: tuple(dict.fromkeys(found)) for kind, found in scopes.items()}

    @api.model
    def _pays_on_margins(self):
        """Whether a rule looks at margins, so that costs are to be frozen.

        A rule in force, or one of the plan that is tried.
        """
        if self.env.context.get("commission_costs") or self._margins_in_force():
            return True
        return any(base.uses_costs for base in self._get_bases_in_use())

    @api.model
    def _pays_on_list_prices(self):
        """Whether a rule looks at list prices, so that they are to be sealed."""
        return any(base.uses_list_prices for base in self._get_bases_in_use())

    @api.model
    def _get_bases_in_use(self):
        """Return what rules in force, or of the plan that is tried, pay a part of.

        :rtype: list[AmountBase]
        """
        return [
            BASES[scope.base]
            for scopes in self._get_scopes_in_use().values()
            for scope in scopes
            if scope.base in BASES
        ]

    @api.model
    @ormcache()
    def _retakes_costs(self):
        """Whether a plan in force takes costs again until the month is closed."""
        plans = self._search_in_force(Domain("cost_basis", "=", "open"))
        return bool(plans)

    @api.model
    def _get_first_open_day(self):
        """Return the first day that may be open in a company that takes costs again."""
        companies = self.env["res.company"].sudo()  # sudo: locks are for officers
        plans = self._search_in_force(Domain("cost_basis", "=", "open"))
        start = min(plans.mapped("date_start"), default=date.min)
        if companies.search_count([("commission_lock_date", "=", False)], limit=1):
            return start
        first_locked = companies.search([], order="commission_lock_date", limit=1)
        return max(start, first_locked.commission_lock_date)

    @api.model
    @ormcache()
    def _margins_in_force(self):
        return any(
            "margin" in asked_facts(self._get_frozen_plan(plan.id)[0])
            for plan in self._search_in_force()
        )

    @api.model
    @ormcache()
    def _watches_unpaid_invoices(self):
        """Whether a rule in force takes back what customers do not pay."""
        rules = self._search_in_force().rule_ids
        return any(rule.unpaid_clawback_days for rule in rules)

    @api.model
    @ormcache()
    def _releases_on_settlement(self):
        """Whether a rule in force holds back until everything is paid."""
        rules = self._search_in_force().rule_ids
        return any(
            rule.holdback_percent and rule.holdback_until == "settled" for rule in rules
        )

    @api.model
    def _counts_from_first_sale(self):
        """Also rules for leads whose customer had bought before."""
        return (
            super()._counts_from_first_sale()
            or "is_repeat_customer" in self._get_watched_lead_fields()
        )

    @api.model
    def _tells_first_sales(self):
        """Whether a rule pays first and later sales to a customer apart."""
        return any(
            scope.customer_kind
            for scopes in self._get_scopes_in_use().values()
            for scope in scopes
        )

    @api.model
    @ormcache()
    def _pays_deals_and_documents(self):
        """Whether a plan in force pays a role on deals and on orders or invoices."""

        def roles(plan, event_types):
            rules = plan.rule_ids.filtered(lambda each: each.event_type in event_types)
            return {(rule.role, rule.manager_level) for rule in rules}

        return any(
            roles(plan, ("deal_won",)) & roles(plan, DOCUMENT_EVENTS)
            for plan in self._search_in_force()
        )

    @api.model
    @ormcache()
    def _get_scopes_by_event_type(self):
        pairs = self._search_in_force().rule_ids._get_scopes()
        return {
            event_type: (
                WHOLE,
                *sorted(
                    {scope for kind, scope in pairs if kind == event_type} - {WHOLE},
                    key=lambda scope: scope.key,
                ),
            )
            for event_type in DOCUMENT_EVENTS
        }

    def _reprocess_events(self, since):
        """Record the documents for the scopes that came with these plans as well."""
        result = super()._reprocess_events(since)
        for plan in self.filtered(lambda plan: plan.state == "active"):
            if any(scope != WHOLE for _type, scope in plan.rule_ids._get_scopes()):
                plan._capture_documents()
        return result

    def _capture_documents(self):
        """Record orders and invoices from the first day of a plan on again."""
        self.ensure_one()
        company = Domain("company_id", "child_of", self.company_id.id)
        orders = self.env["sale.order"].sudo()  # sudo: everybody's orders
        orders.search(
            company & Domain(ORDERED) & Domain("date_order", ">=", self.date_start)
        )._commission_capture()
        invoices = self.env["account.move"].sudo()  # sudo: everybody's invoices
        paid = invoices.search(
            company
            & Domain(INVOICED)
            & (
                Domain("invoice_date", ">=", self.date_start)
                | Domain("payment_state", "in", ("paid", "in_payment", "partial"))
            )
        )
        paid._commission_capture()
