"""What the engine learns once, when the addon is loaded."""

from odoo.tools import LazyTranslate

from odoo.addons.hr_sales_commission.engine.conditions import (
    Condition,
    register_condition,
)
from odoo.addons.hr_sales_commission.engine.measures import (
    amount_measure,
    register_measure,
)
from odoo.addons.hr_sales_commission.pipeline.sentences import register_texts

_lt = LazyTranslate(__name__)

register_condition(
    Condition(
        "contract_too_young",
        is_set=lambda rule: bool(rule.terms.get("contract_months_min")),
        holds=lambda rule, credit, context: (
            credit.facts.get("contract_months", 0) >= rule.terms["contract_months_min"]
        ),
        values=lambda rule, credit, context: {
            "months": credit.facts.get("contract_months", 0),
            "months_min": rule.terms["contract_months_min"],
        },
    )
)
register_measure(amount_measure("renewed", "contract_renewed"))
register_texts(
    {
        "contract_too_young": _lt(
            "The contract is %(months)s months old, the rule pays from %(months_min)s."
        ),
    }
)
