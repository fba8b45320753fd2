"""Every case of the two lists of cases has a test that names it.

Published examples have a W, cases that people reported an R.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = "hr_sales_commission/tests"
ACCOUNT = "hr_sales_commission_account/tests"
ENGINE = "tests/engine"
CASES = {
    "W1": f"{CORE}/test_published_cases.py::TIER_CASES",
    "W4": f"{CORE}/test_published_cases.py::test_w4_explanation_shows_the_slices",
    "W5": f"{CORE}/test_published_cases.py::test_w5_blended_rate",
    "W6": f"{ENGINE}/test_published_cases.py::test_w6_whole_amount",
    "W9": f"{ENGINE}/test_published_cases.py::test_w9_exactly_on_the_bound",
    "W11": f"{CORE}/test_published_cases.py::TIER_CASES",
    "W12": f"{ACCOUNT}/test_published_cases.py"
    "::test_w12_each_payment_pays_its_part_in_its_month",
    "W14": f"{ACCOUNT}/test_published_cases.py"
    "::test_w14_half_of_the_money_makes_half_of_the_earning_payable",
    "W16": f"{ACCOUNT}/test_published_cases.py"
    "::test_w16_only_what_was_delivered_pays_and_a_return_reduces_it",
    "W18": f"{ACCOUNT}/test_published_cases.py"
    "::test_w18_a_down_payment_counts_by_the_lines_it_is_for",
    "W20": f"{ACCOUNT}/test_published_cases.py"
    "::test_w20_a_credit_note_takes_back_what_the_invoice_gave",
    "W24": f"{CORE}/test_published_cases.py::test_w24_developer_and_closer",
    "W26": f"{CORE}/test_published_cases.py::test_w26_credit_of_two",
    "W27": f"{CORE}/test_published_cases.py::test_w27_manager_override",
    "W29": f"{CORE}/test_published_cases.py::test_w29_orders_of_ten_units",
    "W31": f"{CORE}/test_statement.py::test_w31_recoverable_draw",
    "W35": f"{CORE}/test_published_cases.py::test_w35_half_is_clawed_back",
    "W36": f"{CORE}/test_statement.py::test_w36_clawback_of_a_paid_commission",
    "W41": f"{CORE}/test_statement.py::test_w41_a_deduction_leaves_the_minimum",
    "W42": f"{ENGINE}/test_attribution.py::test_w42_five_touches",
    "W45": f"{ENGINE}/test_attribution.py::test_w45_one_and_two_touches",
    "W47": f"{CORE}/test_published_cases.py::test_w47_w48_hundred_leads_fifty_deals",
    "W48": f"{CORE}/test_published_cases.py::test_w47_w48_hundred_leads_fifty_deals",
    "W49": f"{CORE}/test_published_cases.py::test_w49_own_and_referral",
    "W50": f"{CORE}/test_simulation.py::test_w50_old_and_new_policy",
    "R1": f"{ACCOUNT}/test_sealed.py::test_r1_the_only_order_is_cancelled",
    "R2": f"{CORE}/test_sealed.py::test_r2_a_win_that_comes_back_keeps_its_day_and_amount",
    "R3": f"{CORE}/test_sealed.py::test_r3_the_amount_of_a_leavers_deal_rises",
    "R4": f"{CORE}/test_sealed.py::test_r5_a_successor_gets_nothing_of_what_happened_before",
    "R5": f"{CORE}/test_sealed.py"
    "::test_r5_a_successor_gets_nothing_of_what_happened_before",
    "R6": f"{ACCOUNT}/test_sealed.py::test_r6_first_purchase_credited",
    "R7": f"{ACCOUNT}/test_sealed.py::test_r7_a_refund_at_the_rate_of_its_invoice",
    "R8": f"{ACCOUNT}/test_sealed.py::test_r8_a_refund_at_the_cost_of_its_invoice",
    "R9": f"{ACCOUNT}/test_language.py::test_r9_floor_on_margins",
    "R10": f"{ACCOUNT}/test_sealed.py"
    "::test_r10_a_payment_that_settled_the_wrong_invoice",
    "R11": f"{ACCOUNT}/test_language.py::test_r11_document_discounts_are_shared_out",
    "R12": f"{ACCOUNT}/test_language.py::test_r12_bands_meet_in_one_bound",
    "R13": f"{ACCOUNT}/test_sealed.py::test_r13_withheld_tax",
    "R14": f"{CORE}/test_sealed.py::test_r14_the_employee_record_comes_later",
    "R15": f"{ACCOUNT}/test_sealed.py::test_r15_a_credit_note_of_the_accountant",
    "R16": f"{CORE}/test_sealed.py::test_r16_the_same_deals_imported_twice",
    "R17": f"{CORE}/test_sealed.py::test_r17_merging_keeps_one_commission",
    "R18": f"{CORE}/test_language.py"
    "::test_r18_a_bonus_is_dated_on_the_day_it_is_reached",
    "R19": f"{ACCOUNT}/test_sealed.py"
    "::test_r19_money_before_the_invoice_and_before_the_plan",
    "R20": f"{CORE}/test_language.py::test_r20_draw_by_the_days_of_the_contract",
    "R21": f"{CORE}/test_who.py::test_r21_marketer_of_the_referrers_first_contact",
    "R30": f"{ACCOUNT}/test_language.py::test_r30_collected_within",
    "R31": f"{ACCOUNT}/test_language.py::test_r31_only_when_fully_paid",
    "R32": f"{ACCOUNT}/test_language.py::test_r32_taken_back_while_unpaid",
    "R33": f"{ACCOUNT}/test_language.py::test_r33_attainment_of_documents",
    "R34": f"{CORE}/test_language.py::test_r34_everybody_by_the_attainment_of_the_team",
    "R35": f"{ACCOUNT}/test_language.py::test_r35_margin_in_percent",
    "R36": f"{ACCOUNT}/test_language.py::test_r36_months_of_a_customer",
    "R37": f"{ACCOUNT}/test_document_credit.py"
    "::test_r37_order_credits_its_own_salesperson",
    "R38": f"{CORE}/test_role.py"
    "::test_r38_overlay_pays_the_specialist_beside_the_salesperson",
    "R39": f"{CORE}/test_language.py::test_r39_lost_in_the_fourth_of_nine_months",
    "R40": f"{ACCOUNT}/test_language.py"
    "::test_r40_costs_are_taken_again_until_the_month_is_closed",
    "R41": f"{CORE}/test_language.py::test_r41_limits_over_all_rules",
    "R42": f"{ACCOUNT}/test_language.py::test_r42_of_the_contract_wage",
    "R43": f"{CORE}/test_source_shares.py::test_r43_w",
    "R44": f"{CORE}/test_language.py::test_r44_weeks",
}
"""The test by case; where one name has several cases, what its text names."""

PUBLISHED = (1, 4, 5, 6, 9, 11, 12, 14, 16, 18, 20, 24, 26, 27, 29, 31, 35, 36) + (
    41,
    42,
    45,
    47,
    48,
    49,
    50,
)
REPORTED = (*range(1, 22), *range(30, 45))


def test_no_case_is_left_out():
    wanted = {f"W{number}" for number in PUBLISHED}
    wanted |= {f"R{number}" for number in REPORTED}
    assert set(CASES) == wanted


@pytest.mark.parametrize("case", CASES)
def test_the_test_of_a_case_is_there_and_names_it(case):
    path, name = CASES[case].split("::")
    text = read_texts(path).get(name, "")
    assert re.search(rf"(?:\b|_){case}(?:\b|_)", text, re.IGNORECASE), CASES[case]
    assert re.search(r"\bassert|_check_?\w*\(", text) or not name.startswith("test_"), (
        CASES[case]
    )


@cache
def read_texts(path):
    """The source of everything that has a name in a file of tests."""
    source = (ROOT / path).read_text(encoding="utf-8")
    lines, texts = source.splitlines(), {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            name = node.name
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
        else:
            continue
        texts[name] = "\n".join(lines[node.lineno - 1 : node.end_lineno])
    return texts
