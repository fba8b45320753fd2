"""Loads what the engine needs to know about a set of events, in sets.

The number of SQL statements does not depend on the number of events.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import facts
from ..engine.attribution import SHARE_STEP
from ..engine.clawback import counts
from ..engine.conditions import asked_facts
from ..engine.context import sharer_order
from ..engine.facts import ONE, ZERO
from ..engine.periods import period_of, period_start
from ..engine.rounding import allot, round_half_up
from .exchange_rates import ExchangeRates
from .participants import Participants, merge_people
from .period_windows import PeriodWindows

DECIDED_SOURCES = ("verified", "overruled")


@dataclass(slots=True)
class CreditRow:
    """A credit on its way between the tables and the engine.

    :param event: the row of its event, from ``hr.commission.event._read_facts``
    :param plan_id: the plan that pays it, None if there is none
    :param amount: this person's part of the event, whether it was undone or not
    :param day: the day whose plan and period count: that of the event, or of what the
        event takes back
    :param preceding: this person's part of the earlier parts of the same whole
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
        return self.amount < ZERO or self.event["quantity"] < ZERO

    @property
    def counted(self):
        """How many sales it adds: 1, of the refund of a whole sale -1, else 0."""
        if not self.is_counting or not self.is_refund:
            return int(self.is_counting)
        return -1 if self.sale is None or self.sale.is_taken_back else 0

    @property
    def is_changed(self):
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
    :param waiting: the users who are to be credited and are no employees, by event
    """

    credits: list[facts.Credit]
    scope: set[int]
    plans: dict[int, facts.Plan]
    targets: dict
    rows: dict[int, CreditRow]
    waiting: dict[int, int]


class FactLoader:
    """Loads events of one company tree."""

    def __init__(self, env):
        self.env = env(su=True)
        self._subject_periods = None
        self._terms = {}
        self._former_people = set()

    def load(self, events, store=True):
        """Bring the credits of events up to date and load what the engine needs.

        :param events: hr.commission.event
        :param bool store: False to look only (explanations)
        :rtype: CreditBatch
        """
        self._flush()
        event_facts = self.read_events(events.ids)
        if store:
            events._flag_doubles(event_facts.values())
        self._apply_corrections(event_facts.values())
        stored = self._read_credits(SQL("credit.event_id = ANY(%s)", events.ids))
        return self._load(event_facts, stored, store)

    def load_imagined(self, event_facts):
        """Load what the engine needs for events that have not happened.

        :param list[dict] event_facts: as from ``hr.commission.event._read_facts``, with
            ids of their own below zero
        :rtype: CreditBatch
        """
        self._flush()
        return self._load({event["id"]: event for event in event_facts}, [], False)

    def _load(self, event_facts, stored, store):
        self.calendar = self._get_calendar()
        self._rates = ExchangeRates(self.env, self.calendar)
        self._former_people = {values["employee_id"] for values in stored} | {
            manager_id
            for values in stored
            for manager_id in self._split_path(values["manager_path"])
        }
        self._load_people(event_facts.values())
        rows = self._get_current_rows(event_facts, stored)
        self._complete_rows(rows)
        if store:
            self._store(rows)
        else:
            self._number_new(rows)

        context, windows = self._load_periods(rows, event_facts)
        known = rows + context
        plans = self._get_plans(
            {row.plan_id for row in known} - {None},
            {row.event["lead_id"] for row in known} - {None},
        )
        self._load_asked_facts(known, plans)
        self._currencies = self._find_currencies(known)
        return CreditBatch(
            credits=[self._to_engine(row) for row in known],
            scope={row.id for row in rows}
            | {row.id for row in context if self._is_in_window(row, windows)},
            plans=plans,
            targets=self.env["hr.commission.target"]._get_amounts(windows),
            rows={row.id: row for row in known},
            waiting=self._get_waiting(rows, event_facts),
        )

    def _flush(self):
        self.env["crm.lead"].flush_model(
            ["user_id", "marketer_id", "commission_source", "source_state", "team_id"]
        )
        self.env["crm.lead.share"].flush_model()
        self.env["hr.employee"].flush_model(["user_id", "company_id", "parent_id"])
        self.env["hr.version"].flush_model(
            [
                "employee_id",
                "date_version",
                "department_id",
                "commission_plan_id",
                "wage",
            ]
        )

    def read_events(self, event_ids):
        """Return the facts of events by id, see ``hr.commission.event._read_facts``."""
        rows = self.env["hr.commission.event"]._read_facts(event_ids)
        for row in rows:
            row["amount"] = Decimal(row["amount"] or 0)
            row["quantity"] = Decimal(row["quantity"] or 0)
            self._set_people(row)
        return {row["id"]: row for row in rows}

    @staticmethod
    def _set_people(row):
        """Let the people recorded with an event stand for those of its lead today.

        Where nobody was known then, whoever is known by now is credited.
        """
        people = row.get("people") or {}
        for name in ("user_id", "marketer_id"):
            row[name] = people.get(name) or row[name]
        row["shares"] = defaultdict(list)
        for role, employee_id, weight in people.get("shares") or ():
            row["shares"][role].append((employee_id, Decimal(str(weight))))
        row["reopened"] = people.get("reopened") or ()
        row["corrected"] = dict(row["shares"]) if people.get("is_fixed") else {}

    def _apply_corrections(self, rows):
        """Let corrections of credits stand for the people recorded with events."""
        corrected = self.env["hr.commission.correction"]._get_corrected_shares(rows)
        for row in rows:
            for role, shares in corrected.get(row["id"], {}).items():
                row["corrected"][role] = shares

    def _read_credits(self, condition):
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT credit.id, credit.event_id, credit.employee_id, credit.role,
                          credit.manager_level, credit.share::text, credit.date,
                          credit.date_basis,
                          credit.company_id, credit.user_id, credit.amount::text,
                          credit.counted, credit.counted_amount::text,
                          credit.department_id, credit.manager_path, credit.pool_id
                     FROM hr_commission_credit credit WHERE %s
                    ORDER BY credit.id""",
                condition,
            )
        )
        for row in rows:
            row["share"] = Decimal(row["share"])
            row["amount"] = Decimal(row["amount"])
            row["counted_amount"] = Decimal(row["counted_amount"] or 0)
        return rows

    # ------------------------------------------------------------------
    # People
    # ------------------------------------------------------------------

    def _load_people(self, event_facts):
        self._shares = defaultdict(list)
        self._load_shares(
            [event["lead_id"] for event in event_facts if event["lead_id"]]
        )
        self._participants = Participants(self.env, self.calendar)
        self._participants.load(event_facts, self._shares)
        self._load_employees(event_facts)
        self._load_versions()

    def _load_shares(self, lead_ids):
        for lead_id, role, employee_id, percent in self.env.execute_query(
            SQL(
                """SELECT lead_id, role, employee_id, percent::text
                     FROM crm_lead_share WHERE lead_id = ANY(%s) ORDER BY id""",
                lead_ids,
            )
        ):
            self._shares[lead_id, role].append((employee_id, Decimal(percent)))

    def _load_employees(self, event_facts):
        """Load everybody who may be credited, and their managers upwards."""
        users, people = self._participants.get_people(event_facts)
        self._employees = {}
        self._employees_of_user = defaultdict(list)
        for employee_id, user_id, company_id, parent_id in self.env.execute_query(
            SQL(
                """WITH RECURSIVE person AS (
                       SELECT id, user_id, company_id, parent_id FROM hr_employee
                        WHERE user_id = ANY(%s) OR id = ANY(%s)
                       UNION
                       SELECT boss.id, boss.user_id, boss.company_id, boss.parent_id
                         FROM person
                         JOIN LATERAL (
                              SELECT person.parent_id AS id
                           UNION ALL
                              SELECT manager_id FROM hr_commission_manager former
                               WHERE former.employee_id = person.id) above ON TRUE
                         JOIN hr_employee boss ON boss.id = above.id
                   )
                   SELECT id, user_id, company_id, parent_id FROM person ORDER BY id""",
                list(users),
                list(people | self._former_people),
            )
        ):
            self._employees[employee_id] = (user_id, company_id, parent_id)
            if user_id:
                self._employees_of_user[user_id].append(employee_id)
        self._former_managers = defaultdict(list)
        Manager = self.env["hr.commission.manager"]
        for employee_id, manager_id, day in Manager._read_history(self._employees):
            self._former_managers[employee_id].append((day, manager_id))

    def _load_versions(self):
        """Load since when who was in which department, or under a plan of their own."""
        self._versions = defaultdict(list)
        for employee_id, start, department_id, plan_id in self.env.execute_query(
            SQL(
                """SELECT employee_id, date_version, department_id, commission_plan_id
                     FROM hr_version WHERE employee_id = ANY(%s) AND active
                    ORDER BY employee_id, date_version DESC""",
                list(self._employees),
            )
        ):
            self._versions[employee_id].append((start, department_id, plan_id))

    def _get_version(self, employee_id, day):
        """Return (department, personal plan) of an employee on a day.

        Before the first record its department holds, but not its plan: at go-live every
        record is new, and what was imported is paid by the plan of the company.
        """
        versions = self._versions.get(employee_id)
        if not versions:
            return None, None
        for start, department_id, plan_id in versions:
            if start <= day:
                return department_id, plan_id
        _start, department_id, _plan_id = versions[-1]
        return department_id, None

    def _get_employee(self, user_id, event):
        """Return the employee that a user is in the company of an event."""
        company_id = event["company_id"]
        return min(
            self._employees_of_user.get(user_id, ()),
            key=lambda employee_id: (
                self._employees[employee_id][1] != company_id,
                not self.calendar.is_same_tree(
                    self._employees[employee_id][1], company_id
                ),
                employee_id,
            ),
            default=None,
        )

    def _get_participants(self, event):
        """Yield (role, employee, weight) of an event, managers apart."""
        for role, people in self._participants.get(event):
            found = merge_people(
                (
                    person.employee_id or self._get_employee(person.user_id, event),
                    person.weight,
                )
                for person in people
            )
            yield from (
                (role, employee_id, weight)
                for employee_id, weight in found
                if employee_id
            )

    def _get_waiting(self, rows, event_facts):
        """Return the users whose employee record events wait for, by event."""
        credited = {row.event["id"] for row in rows if row.role == "sales"}
        return {
            event["id"]: event["user_id"]
            for event in event_facts.values()
            if event["user_id"]
            and event["id"] not in credited
            and event["event_type"] != "lead_qualified"
        }

    # ------------------------------------------------------------------
    # Credits, sealed once they are made
    # ------------------------------------------------------------------

    def _get_current_rows(self, event_facts, stored):
        """Return the credits of the events; people no longer credited have share 0."""
        stored_of_event = defaultdict(dict)
        for values in stored:
            key = (values["employee_id"], values["role"], values["manager_level"])
            stored_of_event[values["event_id"]][key] = values
        rows = []
        for event in event_facts.values():
            former = stored_of_event[event["id"]]
            rows += self._get_event_rows(event, former)
            rows += [
                self._restore_row(event, values, share=ZERO)
                for values in former.values()
            ]
        return rows

    def _get_event_rows(self, event, former):
        """Return whom an event credits; takes what it finds out of ``former``.

        A role that was credited once keeps its people, their shares and managers,
        unless a correction or a decision has reopened it.
        """
        sealed = self._take_sealed(event, former)
        sealed_roles = {row.role for row in sealed}
        people = sealed + [
            self._make_row(event, employee_id, role, 0, weight, former)
            for role, employee_id, weight in self._get_participants(event)
            if role not in sealed_roles
        ]
        rows = people + [
            self._make_row(event, manager_id, role.code, level, weight, former)
            for role, managed in self._participants.get_manager_roles(event)
            for (level, manager_id), weight in self._get_managers(
                role, [row for row in people if row.role == managed]
            ).items()
        ]
        self._normalize_shares(rows)
        return rows

    def _take_sealed(self, event, former):
        """Take the credits that stay as they are out of ``former``.

        Managers are those of the people, on the day these were credited.
        """
        reopened = event.get("reopened", ())
        if "*" in reopened:
            return []
        sealed = [
            key
            for key, values in former.items()
            if values["share"]
            and values["role"] not in reopened
            and not values["manager_level"]
        ]
        return [
            self._restore_row(event, values, values["share"])
            for values in map(former.pop, sealed)
        ]

    def _get_managers(self, role, rows):
        """Return the weights of the managers above credited people.

        :param Role role: a manager role
        :return: weights by (level, id of the manager)
        """
        highest = role.level or self.calendar.max_manager_level
        weights = defaultdict(lambda: ZERO)
        for row in rows:
            path = self._split_path(row.manager_path)
            for level, manager_id in enumerate(path[:highest], start=1):
                is_paid = level == role.level or not role.level
                if is_paid and manager_id in self._employees:
                    weights[level, manager_id] += row.share
        return weights

    def _make_row(self, event, employee_id, role, level, weight, former):
        """Return a credit; one already stored keeps its snapshots."""
        values = former.pop((employee_id, role, level), None)
        if values and "*" not in event.get("reopened", ()):
            return self._restore_row(event, values, share=weight)
        user_id, company_id, _parent_id = self._employees[employee_id]
        department_id, _plan_id = self._get_version(employee_id, event["date"])
        return CreditRow(
            event=event,
            employee_id=employee_id,
            role=role,
            manager_level=level,
            share=weight,
            id=values["id"] if values else 0,
            company_id=company_id,
            department_id=department_id,
            manager_path=self._get_manager_path(employee_id, event["date"]),
            user_id=user_id,
            pool_id=self._participants.pool_ids.get((event["id"], role)),
            stored=values,
        )

    def _restore_row(self, event, values, share):
        return CreditRow(
            event=event,
            employee_id=values["employee_id"],
            role=values["role"],
            manager_level=values["manager_level"],
            share=share,
            id=values["id"],
            company_id=values["company_id"],
            department_id=values["department_id"],
            manager_path=values["manager_path"],
            user_id=values["user_id"],
            pool_id=values["pool_id"],
            stored=values,
        )

    def _get_manager_path(self, employee_id, day):
        path = []
        manager_id = self._get_manager(employee_id, day)
        while manager_id and manager_id not in (employee_id, *path):
            path.append(manager_id)
            manager_id = self._get_manager(manager_id, day)
        return "/".join(map(str, path))

    def _get_manager(self, employee_id, day):
        """Return who somebody's manager was on a day, None if nobody was."""
        for until, manager_id in self._former_managers[employee_id]:
            if day <= until:
                return manager_id
        return self._employees[employee_id][2]

    @staticmethod
    def _split_path(path):
        return [int(part) for part in (path or "").split("/") if part]

    @staticmethod
    def _normalize_shares(rows):
        """Make the shares of each role (and manager level) sum to exactly 1."""
        for group in group_by(rows, lambda row: (row.role, row.manager_level)):
            if len(group) == 1:
                group[0].share = ONE
                continue
            group.sort(key=sharer_order)
            shares = allot(ONE, [row.share for row in group], SHARE_STEP)
            for row, share in zip(group, shares, strict=True):
                row.share = share

    def _complete_rows(self, rows):
        """Find the plan and the day of credits, then their amounts as of that day."""
        self._assign_plans(rows)
        self._assign_amounts(rows)
        for row in rows:
            row.is_counting = self._is_counting(row)

    def _assign_amounts(self, rows):
        """Split the amount of each event over the shares of each role, exactly."""
        current = [row for row in rows if row.share]
        for group in group_by(
            current, lambda row: (row.event["id"], row.role, row.manager_level)
        ):
            group.sort(key=sharer_order)
            event = group[0].event
            preceding = event.get("preceding", ZERO)
            if group[0].pool_id:
                self._assign_pool_amounts(event, preceding, group)
                continue
            before = self._share_out(preceding, group)
            after = self._share_out(preceding + event["amount"], group)
            for row, start, end in zip(group, before, after, strict=True):
                row.preceding = self._convert(start, row)
                row.amount = self._convert(end - start, row)
                self._assign_whole(row)

    def _assign_pool_amounts(self, event, preceding, group):
        """Split an amount over a pool, whose pay sums to what one person would get.

        Each member's percentage is rounded on the sum with the members before.
        """
        before = preceding
        for row, part in zip(
            group, self._share_out(event["amount"], group), strict=True
        ):
            row.preceding = self._convert(before, row)
            row.amount = self._convert(part, row)
            self._assign_whole(row)
            before += part

    def _assign_whole(self, row):
        """Find what the whole event, and the sale that it takes back, are worth."""
        row.event_amount = self._convert(row.event["amount"], row)
        sale = row.event.get("sale")
        row.sale = sale and replace(
            sale,
            amount=self._convert(sale.amount, row),
            before=self._convert(sale.before, row),
            after=self._convert(sale.after, row),
        )

    def _share_out(self, amount, group):
        """Split an amount over the shares of rows of one event, exactly."""
        if len(group) == 1 or not amount:
            return [amount] * len(group)
        step = self.calendar.rounding(group[0].event["company_id"])
        return allot(amount, [row.share for row in group], step)

    def _convert(self, amount, row):
        """Convert an amount of an event into the currency of an employee's company.

        At the exchange rate of the day that counts: what takes a sale back is worth
        what the sale was.
        """
        if not amount:
            return amount
        source = self.calendar.currency(row.event["company_id"])
        target = self.calendar.currency(row.company_id)
        if source == target:
            return amount
        try:
            rate = self._rates.rate(source, target, row.company_id, row.day)
        except UserError:
            if row.event["id"] < 0:
                return ZERO  # nothing is estimated without a rate
            raise
        return round_half_up(amount * rate, self.calendar.rounding(row.company_id))

    def _store(self, rows):
        Credit = self.env["hr.commission.credit"]
        new = [row for row in rows if not row.stored]
        if new:
            ids = Credit._insert_rows([row.column_values() for row in new])
            for row in new:
                row.id = ids[row.key]
        changed = [row for row in rows if row.stored and row.is_changed]
        if changed:
            Credit._update_rows([row.column_values() for row in changed])

    @staticmethod
    def _number_new(rows):
        """Give credits that are not stored ids of their own."""
        for number, row in enumerate(rows, start=1):
            row.id = row.id or -number

    # ------------------------------------------------------------------
    # Plans, and the periods they look at
    # ------------------------------------------------------------------

    def _get_plan_id(self, row, day):
        """Return the plan that pays a credit, None if there is none.

        :param date day: the day whose plan counts
        """
        _department_id, personal_plan = self._get_version(row.employee_id, day)
        if self.calendar.pays_personally(personal_plan, row.company_id, day):
            return personal_plan
        return self.calendar.plan_id(row.company_id, day)

    def _get_calendar(self):
        return self.env["hr.commission.plan"]._get_calendar()

    def _get_plans(self, plan_ids, lead_ids=None):
        """Return plans in force as engine facts.

        :param lead_ids: the leads that may satisfy conditions of rules; None leaves
            the conditions on leads out
        """
        frozen = {plan_id: self._read_plan(plan_id) for plan_id in plan_ids}
        if lead_ids is None:
            return {plan_id: plan for plan_id, (plan, _texts) in frozen.items()}
        texts = {text for _plan, texts in frozen.values() for text in texts.values()}
        found = {
            text: self._find_leads(self._parse_condition(text), list(lead_ids))
            for text in texts
        }
        return {
            plan_id: self._set_conditions(plan, texts, found) if texts else plan
            for plan_id, (plan, texts) in frozen.items()
        }

    def _parse_condition(self, text):
        """Return a condition of a rule as a domain.

        :raises ValidationError: if no condition may ask that, which the event says
        """
        return self.env["hr.commission.condition"]._parse(text)

    def _read_plan(self, plan_id):
        """Return a plan and its conditions on leads, see ``_to_engine`` of plans."""
        return self.env["hr.commission.plan"]._get_frozen_plan(plan_id)

    def _get_terms(self, plan_id):
        """Return a plan without its conditions on leads; read once."""
        if plan_id not in self._terms:
            self._terms[plan_id] = self._read_plan(plan_id)[0]
        return self._terms[plan_id]

    def _find_leads(self, domain, lead_ids):
        """Return those of the leads that satisfy a condition."""
        Lead = self.env["crm.lead"].with_context(active_test=False)
        query = Lead._search(Domain("id", "in", lead_ids) & domain)
        return frozenset(query.get_result_ids())

    @staticmethod
    def _set_conditions(plan, texts, found):
        return replace(
            plan,
            rules=tuple(
                replace(rule, lead_ids=found[texts[rule.id]])
                if rule.id in texts
                else rule
                for rule in plan.rules
            ),
        )

    def _assign_plans(self, rows):
        """Find the plan of each credit, and the day that it counts on.

        What takes a sale back counts on the day of the sale, unless the plan of that
        day says otherwise.
        """
        self._load_missing_versions(rows)
        looks_at_origin = self.env["hr.commission.plan"]._looks_at_origin
        for row in rows:
            row.day = row.event.get("date_basis") or row.event["date"]
            row.plan_id = self._get_plan_id(row, row.day)
            if row.day != row.event["date"] and not looks_at_origin(row.plan_id):
                row.day = row.event["date"]
                row.plan_id = self._get_plan_id(row, row.day)

    def _is_counting(self, row):
        """Whether a credit counts towards brackets and targets."""
        plan = self._get_terms(row.plan_id) if row.plan_id else None
        return counts(plan, row.share, row.day, self._get_reversed_on(row))

    def _load_periods(self, rows, event_facts):
        """Load the rest of every period that a rule looks at.

        What is loaded may fall under other rules with longer periods, so this goes on
        until the windows no longer grow: three times at most, for month, quarter, year.
        No event is read twice.

        :return: context rows, and the (first day, last day) by employee
        """
        periods = PeriodWindows(
            self.calendar, self._get_plans, self._get_employee_companies(rows)
        )
        context, outside, inside = [], [], rows
        windows, known = {}, set(event_facts)
        while wider := self._find_colleagues(inside, windows) | periods.widen(
            windows, inside, self._get_personal_plans
        ):
            windows |= wider
            loaded = self._load_context(wider, known)
            known.update(row.event["id"] for row in loaded)
            context += loaded
            outside += loaded
            inside = [row for row in outside if self._is_in_window(row, windows)]
            outside = [row for row in outside if not self._is_in_window(row, windows)]
        return context, windows

    def _get_personal_plans(self, employee_id):
        versions = self._versions.get(employee_id, ())
        return tuple({plan_id for _start, _department, plan_id in versions if plan_id})

    def _find_colleagues(self, rows, windows):
        """Return the windows that grow because pay looks at a team or a branch.

        Whoever sold in the same team or branch within the period has to be known, and
        is paid by it, whatever their own plan says. Nothing is asked where no plan
        looks at teams or branches.

        :return: (first day, last day) by employee id
        """
        wanted = defaultdict(dict)
        for kind, period in self._get_subject_periods():
            for row in rows:
                for day, company_id in row.places:
                    subject = row.event.get("team_id") if kind == "team" else company_id
                    if subject:
                        year_month = self.calendar.year_month(company_id)
                        window = period_of(day, period, year_month)
                        known = wanted[kind].get(subject, window)
                        wanted[kind][subject] = span(known, window)
        wider = {}
        for kind, spans in wanted.items():
            for employee_id, subject in self._find_sellers(kind, spans):
                found = spans[subject]
                known = wider.get(employee_id) or windows.get(employee_id)
                both = span(known, found) if known else found
                if both != known:
                    wider[employee_id] = both
        return wider

    def _get_subject_periods(self):
        """Return what plans in force look at beside the person: (kind, period)."""
        if self._subject_periods is None:
            plans = self._get_plans(self.calendar.all_plan_ids)
            self._subject_periods = {
                (kind, rule.tier_period)
                for plan in plans.values()
                for rule in plan.rules
                for kind in ("team", "branch")
                if rule.tier_mode != "none"
                and rule.tier_measure == f"{kind}_attainment"
            }
        return self._subject_periods

    def _find_sellers(self, kind, spans):
        """Return who sold in teams or branches: pairs of employee and subject.

        :param spans: (first day, last day) by id of the team or branch
        """
        days = (min(span[0] for span in spans.values()),)
        days += (max(span[1] for span in spans.values()),)
        if kind == "team":
            return self.env["hr.commission.event"]._find_team_sellers(
                list(spans), *days
            )
        return self.env.execute_query(
            SQL(
                """SELECT DISTINCT employee_id, company_id FROM hr_commission_credit
                    WHERE company_id = ANY(%s) AND role = 'sales'
                      AND COALESCE(date_basis, date) BETWEEN %s AND %s""",
                list(spans),
                *days,
            )
        )

    def _get_employee_companies(self, rows):
        """Return the companies whose plans pay these employees, by employee id.

        Somebody who changed the branch has credits of both in one period. Where one
        company makes the plans for all, nobody needs to be looked up.
        """
        companies = defaultdict(set)
        if not (rows and self.calendar.has_plans_of_branches):
            return companies
        places = [place for row in rows for place in row.places]
        days = [day for day, _company_id in places]
        year_months = {self.calendar.year_month(each) for _day, each in places}
        for employee_id, company_id in self.env.execute_query(
            SQL(
                """SELECT DISTINCT employee_id, company_id FROM hr_commission_credit
                    WHERE employee_id = ANY(%s) AND date BETWEEN %s AND %s""",
                list({row.employee_id for row in rows}),
                min(period_start(min(days), "year", each) for each in year_months),
                max(period_of(max(days), "year", each)[1] for each in year_months),
            )
        ):
            companies[employee_id].add(company_id)
        return companies

    def find_events(self, windows):
        """Return the ids of the events that credit employees within their windows.

        An index scan for each employee, whatever the statistics of the table say: a
        join was planned as a nested loop over all credits while they were old.

        :param windows: (first day, last day) by employee id
        :rtype: set[int]
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT member.event_id
                     FROM unnest(%s, %s, %s) AS period(employee_id, date_from, date_to)
               CROSS JOIN LATERAL (
                          SELECT credit.event_id FROM hr_commission_credit credit
                           WHERE credit.employee_id = period.employee_id
                             AND (credit.date BETWEEN period.date_from
                                                  AND period.date_to
                                  OR credit.date_basis BETWEEN period.date_from
                                                           AND period.date_to)
                          OFFSET 0) member""",
                list(windows),
                [start for start, _end in windows.values()],
                [end for _start, end in windows.values()],
            )
        )
        return {event_id for (event_id,) in rows}

    def find_events_beside(self, events):
        """Return the ids of the events whose pay may depend on these events.

        Those in the periods that rules look at, of whoever is credited.

        :param events: hr.commission.event
        :rtype: set[int]
        """
        self._flush()
        event_facts = self.read_events(events.ids)
        stored = self._read_credits(SQL("credit.event_id = ANY(%s)", events.ids))
        self.calendar = self._get_calendar()
        self._rates = ExchangeRates(self.env, self.calendar)
        self._load_people(event_facts.values())
        rows = [
            self._restore_row(event_facts[values["event_id"]], values, values["share"])
            for values in stored
        ]
        self._assign_plans(rows)
        _context, windows = self._load_periods(rows, event_facts)
        return self.find_events(windows) - set(events.ids) if windows else set()

    def _load_context(self, windows, known):
        """Return the other credits of these employees' periods, with their events.

        Events come with all their credits, because amounts are split between them.

        :param known: ids of the events that are loaded already
        """
        event_ids = list(self.find_events(windows) - known)
        if not event_ids:
            return []
        stored = self._read_credits(SQL("credit.event_id = ANY(%s)", event_ids))
        events = self.read_events(event_ids)
        rows = [
            self._restore_row(events[values["event_id"]], values, values["share"])
            for values in stored
        ]
        self._complete_rows(rows)
        return rows

    def _load_missing_versions(self, rows):
        """Load the dated records of people met only in the context."""
        missing = {row.employee_id for row in rows} - self._employees.keys()
        self._employees.update(dict.fromkeys(missing, (None, None, None)))
        if missing:
            self._load_versions()

    @staticmethod
    def _is_in_window(row, windows):
        window = windows.get(row.employee_id)
        return window and window[0] <= row.day <= window[1]

    def _load_asked_facts(self, rows, plans):
        """Load the further facts that rules look at; most plans ask for none."""
        self._facts, self._wages, self._left = {}, {}, {}
        asked = {plan.id: asked_facts(plan) for plan in plans.values()}
        names = set().union(*asked.values())
        if not names:
            return
        events = {row.event["id"]: row.event for row in rows if asked.get(row.plan_id)}
        self._facts = self.env["hr.commission.event"]._load_facts(
            names, list(events.values())
        )
        if "wage" in names:
            self._load_wages(rows)
        if "left_days" in names:
            people = list({row.employee_id for row in rows})
            self._left = self.env["hr.version"]._get_departures(people)

    def _load_wages(self, rows):
        """Load the wages of the days; they are told to nobody but the engine."""
        for employee_id, start, wage in self.env.execute_query(
            SQL(
                """SELECT employee_id, date_version, wage::text FROM hr_version
                    WHERE employee_id = ANY(%s) AND active
                    ORDER BY employee_id, date_version DESC""",
                list({row.employee_id for row in rows}),
            )
        ):
            self._wages.setdefault(employee_id, []).append((start, wage))

    def _get_facts(self, row):
        """Return the further facts of a credit: of its event, and of its person."""
        known = self._facts.get(row.event["id"], {})
        left = self._left.get(row.employee_id)
        if left:
            days = (row.event["date"] - left).days
            known = {**known, "left_days": Decimal(days)}
        wages = self._wages.get(row.employee_id)
        if not wages:
            return known
        day = row.day  # before the first record of somebody that one holds
        of_day = next((wage for start, wage in wages if start <= day), wages[-1][1])
        return {**known, "wage": Decimal(of_day or 0)}

    @staticmethod
    def _get_reversed_on(row):
        """Return the day the event was undone, as many days after the day that counts
        as it was after the event.
        """
        undone_on = row.event["date_reversed"]
        return undone_on and row.day + (undone_on - row.event["date"])

    def _find_currencies(self, rows):
        """Return the currencies in which people's periods are looked at.

        Mostly one, then nothing is converted: somebody who moved to a company of another
        currency is limited, and measured, by the plans of both. Where plans look at teams
        or branches, everybody's money counts in all currencies.

        :return: sets of res.currency by employee id
        """
        of_person = defaultdict(set)
        for row in rows:
            of_person[row.employee_id].add(self.calendar.currency(row.company_id))
        everything = set().union(*of_person.values())
        if len(everything) > 1 and self._get_subject_periods():
            return dict.fromkeys(of_person, everything)
        return of_person

    def _get_worth(self, row):
        """Return what one unit of a credit's money was worth in other currencies."""
        own = self.calendar.currency(row.company_id)
        return {
            other.id: self._rates.rate(own, other, row.company_id, row.day)
            for other in self._currencies[row.employee_id]
            if other != own
        }

    def _to_engine(self, row):
        event = row.event
        return facts.Credit(
            id=row.id,
            event_id=event["id"],
            event_type=event["event_type"],
            date=row.day,
            employee_id=row.employee_id,
            role=row.role,
            plan_id=row.plan_id,
            amount=row.amount,
            preceding=row.preceding,
            sale=row.sale,
            event_amount=row.event_amount,
            share=row.share,
            quantity=event["quantity"] if row.share else ZERO,
            manager_level=row.manager_level,
            company_id=row.company_id,
            lead_id=event["lead_id"],
            commission_source=event["commission_source"],
            source_verified=event["source_state"] in DECIDED_SOURCES,
            source_disputed=event["source_state"] == "disputed"
            or bool(event.get("double_id"))
            or bool(event.get("odd_reason")),
            reversed_on=self._get_reversed_on(row),
            rounding=self.calendar.rounding(row.company_id),
            team_id=event.get("team_id"),
            year_month=self.calendar.year_month(row.company_id),
            worth=self._get_worth(row),
            facts=self._get_facts(row),
        )


def span(one, other):
    """Return the days from the first of two windows to the last of them."""
    return min(one[0], other[0]), max(one[1], other[1])


def group_by(rows, key):
    """Return the rows in lists of one key each, in the order of first appearance."""
    groups = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups.values()
