# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Invents half a year of leads, always the same ones apart from today's date."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from .lead_texts import CONTACTS, NEEDS, PLACES, PROSPECTS, TOUCH_NOTES

HISTORY_DAYS = 182
SOURCES = {"marketing": 54, "own": 33, "referral": 13}
#: chance of a lead to have passed its first check, by source
QUALITY = {"marketing": 0.62, "own": 0.8, "referral": 0.85}
#: how leads end when their time has come
OUTCOMES = {"won": 42, "lost": 34, "open": 24}
STAGES = {"new": 0.1, "qualified": 0.5, "proposition": 0.4}


@dataclass
class Channel:
    """A campaign, where its leads come from, and the marketer who runs it."""

    campaign_id: int
    source_id: int
    medium_id: int
    marketer_id: int
    kind: str
    weight: int


@dataclass
class Branch:
    """Who sells in a company, to whom, and through which channels leads arrive."""

    key: str
    company_id: int
    team_id: int
    user_ids: list[int]
    employee_ids: dict[int, int]
    partner_ids: list[int]
    channels: list[Channel]
    country_id: int


@dataclass
class Story:
    """A lead: its values and what happened around it."""

    vals: dict
    outcome: str
    touches: list[dict] = field(default_factory=list)


class LeadGenerator:
    """Makes up leads.

    :param list branches: the :class:`Branch` that sell
    :param dict weights: how many of the leads belong to each branch, by its key
    :param dict refs: ids of stages, tags (by key) and reasons to lose (list)
    :param date today: the last day of the story
    """

    def __init__(self, branches, weights, refs, today, say):
        self.branches = branches
        self.weights = [weights[branch.key] for branch in branches]
        self.refs = refs
        self.today = today
        self.say = say
        self.random = random.Random(1977)

    def generate(self, count):
        """Return that many leads, the oldest first.

        :rtype: list[Story]
        """
        ages = sorted(
            (int(HISTORY_DAYS * self.random.random() ** 1.1) for _ in range(count)),
            reverse=True,
        )
        return [self._tell(age) for age in ages]

    def _tell(self, age):
        branch = self._pick(self.branches, self.weights)
        source = self._pick(list(SOURCES), SOURCES.values())
        created = self._workday(self.today - timedelta(days=age))
        closed = self._workday(
            created + timedelta(days=round(self.random.triangular(5, 85, 20)))
        )
        outcome = self._pick(list(OUTCOMES), OUTCOMES.values())
        if closed >= self.today or outcome == "open":
            outcome, closed = (
                "open",
                self._workday(created + 0.6 * (self.today - created)),
            )
        is_qualified = outcome == "won" or (
            age > 2 and self.random.random() < QUALITY[source]
        )
        story = Story(self._describe(branch, is_qualified), outcome)
        self._add_source(story, branch, source, created)
        if is_qualified:
            self._qualify(story, branch, created, max(created, closed))
        self._add_dates(story, created, closed)
        return story

    def _describe(self, branch, is_qualified):
        title, need, low, high, tag = self.random.choice(NEEDS)
        amount = self.random.triangular(low, high, low + (high - low) * 0.25)
        user_id = self._pick(branch.user_ids, range(len(branch.user_ids) + 2, 2, -1))
        vals = {
            "name": self.say(title).format(
                n=self.random.randint(2, 9), place=self.say(self.random.choice(PLACES))
            ),
            "type": "opportunity",
            "company_id": branch.company_id,
            "team_id": branch.team_id,
            "user_id": user_id,
            "expected_revenue": round(amount / 50) * 50,
            "priority": self._pick("0123", (40, 34, 18, 8)),
            "tag_ids": [self.refs["tags"][tag]],
        }
        if is_qualified:
            vals["partner_id"] = self.random.choice(branch.partner_ids)
            vals["need_description"] = self.say(need)
            vals["need_fit"] = self._pick(("partial", "full"), (1, 2))
        else:
            vals |= self._describe_prospect(branch)
        return vals

    def _describe_prospect(self, branch):
        company, city = self.random.choice(PROSPECTS[branch.key])
        contact = self.random.choice(CONTACTS[branch.key])
        first_name = contact.split()[0].lower().encode("ascii", "ignore").decode()
        return {
            "partner_name": company,
            "contact_name": contact,
            "email_from": f"{first_name}.{branch.key}@prospects.example.com",
            "city": city,
            "country_id": branch.country_id,
        }

    # ------------------------------------------------------------------
    # Who brought it
    # ------------------------------------------------------------------

    def _add_source(self, story, branch, source, created):
        reach = [channel.weight for channel in branch.channels]
        channel = self._pick(branch.channels, reach)
        vals = story.vals
        vals["commission_source"] = source
        vals["first_touch_date"] = created
        vals["source_state"] = self._pick(
            ("verified", "open"),
            {"marketing": (1, 0), "own": (6, 4), "referral": (6, 1)}[source],
        )
        if source == "marketing":
            vals["campaign_id"] = channel.campaign_id
            vals["source_id"] = channel.source_id
            vals["medium_id"] = channel.medium_id
        if source == "referral":
            others = [
                each for each in branch.partner_ids if each != vals.get("partner_id")
            ]
            vals["referrer_id"] = self.random.choice(others)
        vals["marketer_id"] = channel.marketer_id if source != "own" else False
        if source == "marketing" and channel.kind not in ("web_form", "demo"):
            kind = self._pick(("demo", "web_form"), (1, 1))
            self._touch(story, branch, kind, created, vals["marketer_id"])

    def _qualify(self, story, branch, created, latest):
        qualified = self._workday(created + timedelta(days=self.random.randint(1, 9)))
        vals = story.vals
        vals["date_qualified"] = max(created, min(qualified, latest))
        salesperson_id = branch.employee_ids[vals["user_id"]]
        for _ in range(self.random.randint(0, 3)):
            day = created + (latest - created) * self.random.random()
            kind = self._pick(("call", "meeting", "email"), (5, 2, 4))
            self._touch(story, branch, kind, day, salesperson_id)

    def _touch(self, story, branch, kind, day, employee_id):
        story.touches.append(
            {
                "kind": kind,
                "date": self._moment(day),
                "employee_id": employee_id,
                "company_id": branch.company_id,
                "note": self.say(TOUCH_NOTES[kind]),
            }
        )

    # ------------------------------------------------------------------
    # How it ended
    # ------------------------------------------------------------------

    def _add_dates(self, story, created, closed):
        vals, stages = story.vals, self.refs["stages"]
        vals["create_date"] = vals["date_open"] = self._moment(created)
        vals["date_last_stage_update"] = self._moment(closed)
        if story.outcome == "open":
            names = list(STAGES) if "date_qualified" in vals else ["new"]
            vals["stage_id"] = stages[
                self._pick(names, [STAGES[name] for name in names])
            ]
            vals["date_deadline"] = self._workday(
                self.today + timedelta(days=self.random.randint(-6, 70))
            )
            return
        vals["date_closed"] = self._moment(closed)
        if story.outcome == "won":
            vals["stage_id"] = stages["won"]
            vals["date_won"] = closed
            vals["won_amount"] = vals["expected_revenue"]
        else:
            vals["stage_id"] = stages[self._pick(("qualified", "proposition"), (1, 1))]
            vals["lost_reason_id"] = self.random.choice(self.refs["lost_reasons"])
            vals["active"] = False
            vals["probability"] = 0

    # ------------------------------------------------------------------
    # Chance and days
    # ------------------------------------------------------------------

    def _pick(self, values, weights):
        return self.random.choices(values, list(weights))[0]

    def _moment(self, day):
        """Return some minute of office hours, but none that is still to come."""
        moment = time(self.random.randint(7, 15), self.random.randint(0, 59))
        return min(datetime.combine(day, moment), datetime.now())

    @staticmethod
    def _workday(day: date):
        """Return the day itself, or the Friday before a weekend."""
        return day - timedelta(days=max(0, day.weekday() - 4))
