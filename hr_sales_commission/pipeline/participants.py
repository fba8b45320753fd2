# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Who takes part in events, role by role: found in sets, as of the day of each event.

Managers are apart: whoever is credited has them.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from odoo.tools import SQL

from ..engine.facts import ONE
from .credit_row import day_of_sale
from .pool_shares import PoolShares
from .words import LEAD_EVENT_TYPES

#: what happens to a lead or a deal, which name their people themselves
DEAL_EVENTS = frozenset(dict(LEAD_EVENT_TYPES))


@dataclass(frozen=True, slots=True)
class Role:
    """A role as the pipeline knows it, see ``hr.commission.role``.

    :param manages: the code of the role whose managers fill it, None for the default
    :param field_path: ``model:path`` of the field that says who fills it
    """

    id: int
    code: str
    company_id: int | None = None
    is_manager: bool = False
    level: int = 0
    manages: str | None = None
    filled_by: str = "shares"
    field_path: str | None = None

    def get_levels(self, highest):
        """Return the manager levels that credits of the role have.

        :param int highest: how many managers upwards any rule pays
        """
        if not self.is_manager:
            return [0]
        return [self.level] if self.level else list(range(1, highest + 1))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes part in an event: an employee, or whoever a user is there.

    :param weight: in proportion to the others in the role
    """

    employee_id: int | None = None
    user_id: int | None = None
    weight: Decimal = ONE


class Participants:
    """Finds who fills the roles of events.

    In this order: whom a correction names; a pool that takes everything; who is named on the document; whom the
    customer was handed over to since the deal; who is named on the deal; whoever the
    role says; whom the customer is assigned to; a pool that takes what is nobody's.

    Addons say who is named on a document, and who fills roles in ways of their own, by
    ``hr.commission.event._name_participants``. The rows of events know besides:

    - ``shares``: of the deal, as recorded with the event (``people``)
    - ``corrected``: whom a correction credits, by the code of the role
    - ``customer_id``: the commercial partner of a document without lead

    :param env: of the superuser
    :param calendar: PlanCalendar
    """

    def __init__(self, env, calendar):
        self.env = env
        self.calendar = calendar
        self.roles = env["hr.commission.role"]._get_roles()
        self._found = {}
        #: the pool that fills a role, by (event id, code of the role)
        self.pool_ids = {}
        self._ways = {
            "salesperson": self._find_by_salesperson,
            "marketer": self._find_by_marketer,
            "team_leader": self._find_by_team_leader,
            "assignment": self._find_by_assignment,
            "field": self._find_by_field,
        }

    def load(self, event_facts):
        """Load what roles are filled from; constant in the number of events.

        :param event_facts: rows of ``hr.commission.event._read_facts``
        """
        self._found.clear()
        self._load_shares(event_facts)
        self._load_fields(event_facts)
        self._load_team_leaders(event_facts)
        self._load_referrers(event_facts)
        self._load_assignments(event_facts)
        self._load_pools(event_facts)

    def get(self, event):
        """Return pairs (code of the role, its people) of an event, managers apart."""
        found = self._found.get(event["id"])
        if found is None:
            found = self._found[event["id"]] = [
                (role.code, people)
                for role in self.roles
                if not role.is_manager
                and self._is_in_place(role, event)
                and (people := self._find(role, event))
            ]
        return found

    def get_people(self, event_facts):
        """Return everybody who may be credited.

        :return: ids of users, ids of employees
        :rtype: tuple[set, set]
        """
        users, employees = set(), set()
        for event in event_facts:
            for _role, people in self.get(event):
                users |= {person.user_id for person in people}
                employees |= {person.employee_id for person in people}
        return users - {None}, employees - {None}

    def get_manager_roles(self, event):
        """Return the manager levels of an event, with whose managers they are.

        :return: (role, code of the role whose managers fill it)
        """
        usual = "marketing" if event["event_type"] == "lead_qualified" else "sales"
        return [
            (role, role.manages or usual)
            for role in self.roles
            if role.is_manager and self._is_in_place(role, event)
        ]

    def _is_in_place(self, role, event):
        return not role.company_id or self.calendar.is_below(
            event["company_id"], role.company_id
        )

    # ------------------------------------------------------------------
    # Ways to fill a role
    # ------------------------------------------------------------------

    def _find(self, role, event):
        """Return who fills a role in an event, see the class."""
        return (
            self._get_corrected(role, event)
            or self._get_pool(role, event, takes_all=True)
            or event.get("named", {}).get(role.code)
            or self._get_successors(role, event)
            or self._get_named(role, event)
            or self._find_by_way(role, event)
            or self._find_by_assignment(role, event)
            or self._get_pool(role, event, takes_all=False)
        )

    def _get_corrected(self, role, event):
        """Return whom a correction, or what the event takes back, credits."""
        if pool_id := event.get("pools", {}).get(role.code):
            self.pool_ids[event["id"], role.code] = pool_id
        return [
            Person(employee_id=employee_id, weight=weight)
            for employee_id, weight in event.get("corrected", {}).get(role.code, ())
        ]

    def _get_named(self, role, event):
        """Return who is named for the role on the deal, when the event happened.

        Events that have not happened, and those that found nobody, ask the deal.
        """
        shares = event.get("shares", {}).get(role.code)
        if not (shares or event.get("people")):
            shares = self._shares.get((event["lead_id"], role.code), ())
        return [
            Person(employee_id=employee_id, weight=percent)
            for employee_id, percent in shares or ()
        ]

    def _find_by_way(self, role, event):
        find = self._ways.get(role.filled_by)
        if find:
            return find(role, event)
        return event.get("filled", {}).get(role.filled_by, [])

    def _find_by_salesperson(self, role, event):
        return [Person(user_id=event["user_id"])] if event["user_id"] else []

    def _find_by_marketer(self, role, event):
        marketer_id = event["marketer_id"] or self._referrers.get(event["lead_id"])
        return [Person(employee_id=marketer_id)] if marketer_id else []

    def _find_by_team_leader(self, role, event):
        leader_id = self._team_leaders.get(event["lead_id"])
        return [Person(user_id=leader_id)] if leader_id else []

    def _find_by_assignment(self, role, event):
        return self._get_assigned(role, event, since=None)

    def _get_successors(self, role, event):
        """Return who took the customer over after the deal was won.

        On leads and deals it is the deal that names its people.
        """
        if event["event_type"] in DEAL_EVENTS:
            return []
        won_on = self._days_won.get(event["lead_id"])
        if event["lead_id"] and not won_on:
            return []
        return self._get_assigned(role, event, since=won_on)

    def _get_assigned(self, role, event, since):
        """Return whom the customer is assigned to on the day of the event.

        :param date since: only who came after this day
        """
        if role.filled_by != "assignment" and event["event_type"] in DEAL_EVENTS:
            return []
        day = day_of_sale(event)
        return [
            Person(employee_id=each["employee_id"], weight=Decimal(each["percent"]))
            for each in self._assignments.get((self._get_customer(event), role.id), ())
            if each["date_from"] <= day
            and (not each["date_to"] or day <= each["date_to"])
            and (since is None or each["date_from"] > since)
            and self.calendar.is_below(event["company_id"], each["company_id"])
        ]

    def _get_pool(self, role, event, takes_all):
        """Return the members of the first pool that takes a role in an event."""
        if role.filled_by == "marketer" and event["commission_source"] == "own":
            return []  # nobody in marketing brought it
        for pool in self._pools:
            if (
                pool.role == role.code
                and pool.takes_all == takes_all
                and (not pool.date_from or pool.date_from <= day_of_sale(event))
                and self.calendar.is_below(event["company_id"], pool.company_id)
            ):
                shares = self._pool_shares.get(
                    pool, day_of_sale(event), event.get("period_start")
                )
                self.pool_ids[event["id"], role.code] = pool.id
                return [
                    Person(employee_id=member, weight=weight)
                    for member, weight in sorted(shares.items())
                ]
        return []

    def _find_by_field(self, role, event):
        model, _mark, path = role.field_path.partition(":")
        res_id = self._get_record_id(event, model)
        person_id = self._fields[model, path].get(res_id)
        if not person_id:
            return []
        if self._names_employee(model, path):
            return [Person(employee_id=person_id)]
        return [Person(user_id=person_id)]

    # ------------------------------------------------------------------
    # What they are filled from
    # ------------------------------------------------------------------

    @staticmethod
    def _get_record_id(event, model):
        """Return the record of a model that an event is about, None without one."""
        if model == "crm.lead":
            return event["lead_id"]
        return event["res_id"] if event.get("res_model") == model else None

    def _uses(self, way):
        return [role for role in self.roles if role.filled_by == way]

    def _load_shares(self, event_facts):
        """Load who is named on deals: (employee id, percentage) by lead and role."""
        self._shares = defaultdict(list)
        for lead_id, role, employee_id, percent in self.env.execute_query(
            SQL(
                """SELECT lead_id, role, employee_id, percent::text
                     FROM crm_lead_share WHERE lead_id = ANY(%s) ORDER BY id""",
                [event["lead_id"] for event in event_facts if event["lead_id"]],
            )
        ):
            self._shares[lead_id, role].append((employee_id, Decimal(percent)))

    def _load_fields(self, event_facts):
        self._fields = {}
        for role in self._uses("field"):
            model, _mark, path = role.field_path.partition(":")
            if (model, path) in self._fields:
                continue
            ids = {self._get_record_id(event, model) for event in event_facts}
            self._fields[model, path] = self._read_path(model, path, ids - {None})

    def _load_team_leaders(self, event_facts):
        self._team_leaders = {}
        if self._uses("team_leader"):
            ids = {event["lead_id"] for event in event_facts} - {None}
            self._team_leaders = self._read_path("crm.lead", "team_id.user_id", ids)

    def _load_referrers(self, event_facts):
        """Load who brought the customers that refer others.

        The marketer of a referral is the one of the referrer's own first contact.
        """
        self._referrers = {}
        lead_ids = {
            event["lead_id"]
            for event in event_facts
            if event["commission_source"] == "referral" and not event["marketer_id"]
        }
        if not lead_ids - {None}:
            return
        Lead = self.env["crm.lead"]
        Lead.flush_model(["referrer_id", "partner_id", "marketer_id"])
        Lead.flush_model(["first_touch_date"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self._referrers = dict(
            self.env.execute_query(
                SQL(
                    """SELECT DISTINCT ON (lead.id) lead.id, own.marketer_id
                         FROM crm_lead lead
                         JOIN res_partner referrer ON referrer.id = lead.referrer_id
                         JOIN res_partner contact ON contact.commercial_partner_id
                                                     = referrer.commercial_partner_id
                         JOIN crm_lead own ON own.partner_id = contact.id
                        WHERE lead.id = ANY(%s) AND own.id != lead.id
                        ORDER BY lead.id, own.first_touch_date NULLS LAST, own.id""",
                    list(lead_ids - {None}),
                )
            )
        )

    def _load_assignments(self, event_facts):
        self._assignments, self._customers, self._days_won = {}, {}, {}
        Assignment = self.env["hr.commission.assignment"]
        if not Assignment._is_used():
            return
        self.env["crm.lead"].flush_model(["partner_id", "date_won"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        for lead_id, customer_id, won_on in self.env.execute_query(
            SQL(
                """SELECT lead.id, contact.commercial_partner_id, lead.date_won
                     FROM crm_lead lead
                     JOIN res_partner contact ON contact.id = lead.partner_id
                    WHERE lead.id = ANY(%s)""",
                list({event["lead_id"] for event in event_facts} - {None}),
            )
        ):
            self._customers[lead_id] = customer_id
            self._days_won[lead_id] = won_on
        customers = {self._get_customer(event) for event in event_facts} - {None}
        self._assignments = Assignment._read_by_customer(customers)

    def _get_customer(self, event):
        """Return the commercial partner of an event, None without one."""
        return event.get("customer_id") or self._customers.get(event["lead_id"])

    def _load_pools(self, event_facts):
        codes = {role.code for role in self.roles}
        pools = self.env["hr.commission.pool"]._get_pools()
        self._pools = [pool for pool in pools if pool.role in codes]
        if self._pools:
            days = set(map(day_of_sale, event_facts))
            days |= {event.get("period_start") for event in event_facts} - {None}
            self._pool_shares = PoolShares(self.env, self._pools, days)

    def _read_path(self, model, path, ids):
        """Return the value of a path of one or two stored many2ones, by record id."""
        records = self.env[model]
        first, _mark, second = path.partition(".")
        records.flush_model([first])
        value = SQL.identifier("record", first)
        join = SQL()
        if second:
            comodel = self.env[records._fields[first].comodel_name]
            comodel.flush_model([second])
            join = SQL(
                "LEFT JOIN %s target ON target.id = %s",
                SQL.identifier(comodel._table),
                value,
            )
            value = SQL.identifier("target", second)
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT record.id, %s FROM %s record %s WHERE record.id = ANY(%s)",
                    value,
                    SQL.identifier(records._table),
                    join,
                    list(ids),
                )
            )
        )

    def _names_employee(self, model, path):
        records = self.env[model]
        *steps, last = path.split(".")
        for name in steps:
            records = self.env[records._fields[name].comodel_name]
        return records._fields[last].comodel_name == "hr.employee"


def merge_people(people):
    """Add up the weights of people who are named more than once.

    :param people: (employee id, weight)
    :rtype: list[tuple[int, Decimal]]
    """
    weights = defaultdict(Decimal)
    for employee_id, weight in people:
        weights[employee_id] += weight
    return list(weights.items())
