from . import (
    test_attack_customers,
    test_attack_documents,
    test_collection,
    test_cookbook,
    test_documents,
    test_doubles,
    test_estimate,
    test_evidence,
    test_identity,
    test_published_cases,
    test_random_collection,
    test_sealed,
    test_scope,
    test_signed_amount,
    test_simulation,
    test_waiting,
)
from . import test_context
from . import test_document_credit
from . import test_language
from . import test_plan_case
from . import test_sample
from . import test_refund_in_parts
