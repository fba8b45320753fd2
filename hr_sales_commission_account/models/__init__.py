from . import hr_commission_document, hr_commission_document_line  # isort: split

from . import (
    account_move,
    account_move_line,
    account_partial_reconcile,
    crm_lead,
    hr_commission_board,
    hr_commission_condition,
    hr_commission_event,
    hr_commission_event_double,
    hr_commission_event_replay,
    hr_commission_example,
    hr_commission_example_event,
    hr_commission_line,
    hr_commission_plan,
    hr_commission_plan_check,
    hr_commission_rule_sentence,
    hr_commission_role,
    hr_commission_rule,
    hr_commission_sample,
    hr_commission_share,
    hr_commission_simulation,
    hr_commission_target,
    hr_version,
    mail_message,
    product_product,
    res_company,
    res_partner,
    sale_order,
    sale_order_line,
)

from . import hr_commission_audited, protected_models  # isort: skip
