# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Replays beside the ledger: what both say, in the same terms."""

from collections import defaultdict
from decimal import Decimal

from ..pipeline.plan_comparison import PlanComparison

#: what a replay may not write to, with all columns; of documents only what we keep
LEDGER = {
    "hr_commission_event": "record.*",
    "hr_commission_credit": "record.*",
    "hr_commission_line": "record.*",
    "hr_commission_statement": "record.*",
    "crm_touchpoint": "record.*",
    "crm_lead_share": "record.*",
    "crm_lead": "record.id, record.name, record.won_amount, record.date_qualified",
}


def read_checksums(env, tables=()):
    """Return row count and checksum of every table that the pipeline writes.

    :param tables: further tables, with all their columns
    """
    env.flush_all()
    sums = {}
    for table, columns in {**LEDGER, **dict.fromkeys(tables, "record.*")}.items():
        env.cr.execute(
            f"SELECT count(*), md5(string_agg(ROW({columns})::text, '|' ORDER BY id))"
            f" FROM {table} record"
        )
        sums[table] = env.cr.fetchone()
    return sums


def read_awards(simulation, key=None):
    """Return what a simulation of one plan pays, deal by deal.

    :param key: function (award, explained part) → what amounts are summed by; event,
        rule, employee and part without
    :rtype: dict
    """
    sums = defaultdict(Decimal)
    for result in simulation.result_ids:
        _before, after = simulation._get_person_comparison(result).explain()
        for part in after.values():
            for award in part.awards:
                found = (
                    key(award, part)
                    if key
                    else (
                        award.event_id,
                        award.rule_id,
                        award.employee_id,
                        award.part,
                    )
                )
                sums[found] += award.amount
    return {found: amount for found, amount in sums.items() if amount}


def read_posted(lines, key=None):
    """Return what the ledger holds, as :func:`read_awards` has it.

    :param key: function (line) → what amounts are summed by
    """
    sums = defaultdict(Decimal)
    for line in lines:
        found = (
            key(line)
            if key
            else (line.event_id.id, line.rule_id.id, line.employee_id.id, line.part)
        )
        sums[found] += Decimal(repr(line.amount))
    return {found: amount for found, amount in sums.items() if amount}


class LineComparison(PlanComparison):
    """Remembers every award, not only their sums."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._awards = {}

    def _tally(self, tally, batch, outcome):
        for award in outcome.awards:
            key = award.event_id, award.rule_id, award.employee_id, award.part
            self._awards.setdefault(key, []).append(award.amount)
        return super()._tally(tally, batch, outcome)

    def get_lines(self):
        """Return what was paid, as :func:`read_posted` has it."""
        sums = {key: sum(amounts) for key, amounts in self._awards.items()}
        return {key: amount for key, amount in sums.items() if amount}


def play_lines(env, company, plan, companies, date_from, date_to):
    """Return what a plan in its place would have paid, line by line, and faults.

    :param plan: hr.commission.plan; None or empty for what really held
    :param companies: whose people
    :return: amounts as :func:`read_posted` has them, errors by event
    """
    simulation = env["hr.commission.simulation"].new(
        {
            "company_id": company.id,
            "date_from": date_from,
            "date_to": date_to,
            "days": "own",
        }
    )
    comparison = LineComparison(
        env,
        [simulation._get_stand_in(plan)],
        companies.ids,
        date_from,
        date_to,
        mark="lines",
    )
    for period in comparison.get_periods():
        comparison.play(period)
    return comparison.get_lines(), comparison.faults
