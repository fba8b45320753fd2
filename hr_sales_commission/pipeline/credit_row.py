# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""A credit on its way between the tables and the engine."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..engine import facts
from ..engine.facts import ZERO


@dataclass(slots=True)
class CreditRow:
    """A credit on its way between the tables and the engine.

    :param event: the row of its event, from ``hr.commission.event._read_facts``
    :param plan_id: the plan that pays it, None if there is none
    :param amount: this person's part of the event, whether it was undone or not
    :param day: the day whose plan and period count: that of the event, or of what the
        event takes back
    :param preceding: this person's part of the earlier parts of the same whole
    :param event_preceding: of a pool: the earlier parts of the whole event
    :param sale: of a refund: what it takes back from, see :class:`facts.Sale`
    :param event_amount: amount of the whole event, in the same currency
    :param is_counting: whether it counts in measures
    :param stored: the row of the table, None for a new credit
    """

    event: dict
    employee_id: int
    role: str
    manager_level: int
    share: Decimal
    id: int = 0
    plan_id: int | None = None
    day: date | None = None
    amount: Decimal = ZERO
    preceding: Decimal = ZERO
    event_preceding: Decimal | None = None
    sale: facts.Sale | None = None
    event_amount: Decimal = ZERO
    company_id: int | None = None
    is_counting: bool = False
    department_id: int | None = None
    manager_path: str | None = None
    user_id: int | None = None
    pool_id: int | None = None
    stored: dict | None = None

    @property
    def places(self):
        """Days and companies whose periods the credit moves: where it is and was."""
        today = (self.day, self.company_id)
        if not self.stored:
            return (today,)
        day = self.stored["date_basis"] or self.stored["date"]
        before = (day, self.stored["company_id"])
        return (today,) if today == before else (today, before)

    @property
    def key(self):
        """What tells credits apart: event, employee, role and level of the manager."""
        return (self.event["id"], self.employee_id, self.role, self.manager_level)

    def column_values(self):
        """What the table holds of this credit."""
        undone = self.event["date_reversed"]
        return {
            "id": self.id,
            "event_id": self.event["id"],
            "employee_id": self.employee_id,
            "role": self.role,
            "manager_level": self.manager_level,
            "share": self.share,
            "date": self.event["date"],
            "date_basis": None if self.day == self.event["date"] else self.day,
            "company_id": self.company_id,
            "user_id": self.user_id,
            "amount": ZERO if undone else self.amount,
            "counted": self.counted,
            "counted_amount": self.amount if self.is_counting else ZERO,
            "department_id": self.department_id,
            "manager_path": self.manager_path or None,
            "pool_id": self.pool_id,
        }

    @property
    def is_refund(self):
        """Whether the credit takes back what another one gave."""
        return self.amount < ZERO or self.event["quantity"] < ZERO

    @property
    def counted(self):
        """How many sales it adds: 1, of the refund of a whole sale -1, else 0."""
        if not self.is_counting or not self.is_refund:
            return int(self.is_counting)
        return -1 if self.sale is None or self.sale.is_taken_back else 0

    @property
    def is_changed(self):
        """Whether it differs from what the table holds."""
        return self.stored != self.column_values()


@dataclass
class CreditBatch:
    """What the engine computes and what the ledger needs to store the result.

    :param credits: engine credits: those of the events, and those of the same
        employees that a period rule must know
    :param scope: ids of the credits to compute; the rest is context
    :param plans: engine plans by id
    :param targets: targets by (employee, measure, first day, period)
    :param rows: credit rows by id
    :param events: rows of the events, by id
    :param waiting: the users who are to be credited and are no employees, by event
    """

    credits: list[facts.Credit]
    scope: set[int]
    plans: dict[int, facts.Plan]
    targets: dict
    rows: dict[int, CreditRow]
    events: dict[int, dict]
    waiting: dict[int, int]


def group_by(rows, key):
    """Return the rows in lists of one key each, in the order of first appearance."""
    groups = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups.values()


def day_of_sale(event):
    """Return the day of an event; of what takes a sale back, that of the sale.

    :param dict event: a row of ``hr.commission.event._read_facts``
    """
    return event.get("date_basis") or event["date"]
