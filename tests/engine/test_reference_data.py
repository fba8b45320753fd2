"""A published pipeline of 8,800 opportunities, to the cent, where its folder lies.

It is not part of the repository. Without it, the same checks run on a small sample
with the results computed by hand.
"""

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from builders import money, plan, rule, tiers
from engine.compute import compute
from engine.facts import Credit

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "data" / "maven_crm"
SAMPLE = Path(__file__).parent / "sample_pipeline"
FOLDERS = [SAMPLE, PUBLISHED] if PUBLISHED.is_dir() else [SAMPLE]

LEAD = "lead_qualified"
REFERENCE_POLICY = {
    "MKT_LEAD": rule(
        id=1,
        event_type=LEAD,
        role="marketing",
        commission_source="marketing",
        amount_type="fixed",
        amount=100,
    ),
    "MKT_DEAL": rule(id=2, role="marketing", commission_source="marketing", rate=2),
    "SAL_MKT": rule(id=3, commission_source="marketing", rate=3),
    "SAL_SYN": rule(id=4, commission_source="marketing", rate=1, is_bonus=True),
    "SAL_OWN": rule(id=5, commission_source="own", rate=5),
    "REF_MKT": rule(id=6, role="marketing", commission_source="referral", rate=1),
    "REF_SAL": rule(id=7, commission_source="referral", rate=3),
}
TIER_POLICY = {
    "SAL_TIER": rule(
        id=1,
        tier_mode="marginal",
        tier_measure="cumulative",
        tier_period="month",
        tiers=tiers((0, 3), (50_000, 4), (100_000, 5)),
    )
}


class Pipeline:
    """The rows of a file as credits of won deals and valid marketing leads."""

    def __init__(self, path):
        self.credits = []
        self.people = {}
        rows = list(read(path))
        opportunity_order = sorted(range(len(rows)), key=lambda n: rows[n]["id"])
        for event_id, position in enumerate(opportunity_order):
            self._add(event_id, rows[position])

    def _add(self, event_id, row):
        if row["valid"] == "1" and row["source_type"] == "marketing":
            self._credit(row, -event_id, LEAD, row["created"], "marketing", "0")
        if row["stage"] == "won":
            for role in ("marketing", "sales"):
                self._credit(
                    row, event_id, "deal_won", row["closed"], role, row["amount"]
                )

    def _credit(self, row, event_id, event_type, day, role, amount):
        name = row["marketer" if role == "marketing" else "salesperson"]
        if name:
            employee_id = self.people.setdefault(name, len(self.people) + 1)
            self.credits.append(
                Credit(
                    id=len(self.credits) + 1,
                    event_id=event_id,
                    event_type=event_type,
                    date=date.fromisoformat(day),
                    employee_id=employee_id,
                    role=role,
                    plan_id=1,
                    amount=money(amount),
                    commission_source=row["source_type"],
                    source_verified=row["verified"] == "1",
                )
            )

    def totals(self, policy):
        """Lines, base, amount and held by employee, month, source and rule."""
        name_of = {id: name for name, id in self.people.items()}
        code_of = {each.id: code for code, each in policy.items()}
        source_of = {each.id: each.commission_source for each in self.credits}
        totals = defaultdict(lambda: [0, Decimal(0), Decimal(0), Decimal(0)])
        for award in compute(self.credits, {1: plan(*policy.values())}).awards:
            sums = totals[
                name_of[award.employee_id],
                f"{award.date:%Y-%m}",
                source_of[award.credit_id],
                code_of[award.rule_id],
            ]
            sums[0] += len(award.trace.get("slices", [None]))
            sums[1] += award.base
            sums[3 if award.held else 2] += award.amount
        return dict(totals)


def read(path):
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def expected_totals(path):
    return {
        (row["employee"], row["period"], row["source_type"], row["rule"]): [
            int(row["lines"]),
            money(row["base"]),
            money(row["amount"]),
            money(row["held"]),
        ]
        for row in read(path)
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_reference_policy(folder):
    totals = Pipeline(folder / "leads.csv").totals(REFERENCE_POLICY)
    expected = folder / "expected" / "reference_policy_totals.csv"
    assert totals == expected_totals(expected)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_marginal_tiers_of_the_month(folder):
    totals = Pipeline(folder / "leads_own.csv").totals(TIER_POLICY)
    expected = folder / "expected" / "tiers_marginal_totals.csv"
    assert totals == expected_totals(expected)
