"""What the engine learns once, when the addon is loaded."""

from odoo.tools import LazyTranslate

from odoo.addons.hr_sales_commission.engine import conditions, measures
from odoo.addons.hr_sales_commission.pipeline.sentences import register_texts

_lt = LazyTranslate(__name__)

conditions.register_condition(
    conditions.Condition(
        "contract_too_young",
        is_set=lambda rule: bool(rule.terms.get("contract_months_min")),
        holds=lambda rule, credit, context: (
            credit.facts["contract_months"] >= rule.terms["contract_months_min"]
        ),
        values=lambda rule, credit, context: {
            "months": credit.facts["contract_months"],
            "months_min": rule.terms["contract_months_min"],
        },
        facts=("contract_months",),
    )
)
measures.register_measure(measures.amount_measure("renewed", "contract_renewed"))
register_texts(
    {
        "contract_too_young": _lt(
            "The contract is %(months)s months old, the rule pays from %(months_min)s."
        ),
    },
    conditions={"contract_months_min": _lt("on contracts from %(value)s months on")},
)
