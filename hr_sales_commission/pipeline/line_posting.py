# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Posts the difference between what the engine computes and what the ledger holds."""

import json
from collections import defaultdict
from decimal import Decimal

from odoo.tools import SQL

from ..engine.facts import ZERO
from .closed_days import first_open_day, is_closed
from .of_events import of_events
from .payout_calendar import PayoutCalendar
from .sql_rows import fetch_dicts, sql_columns
from .states import OPEN_STATES, PROMISED_STATES

#: the columns of a line that are written in blocks, with their PostgreSQL types
LINE_COLUMNS = {
    "credit_id": "int",
    "event_id": "int",
    "lead_id": "int",
    "employee_id": "int",
    "user_id": "int",
    "role": "text",
    "commission_source": "text",
    "rule_id": "int",
    "part": "text",
    "company_id": "int",
    "date": "date",
    "date_due": "date",
    "base": "numeric",
    "rate": "numeric",
    "amount": "numeric",
    "kind": "text",
    "state": "text",
    "origin_line_id": "int",
    "is_disputed": "bool",
    "is_notice_due": "bool",
    "trace": "jsonb",
}
NUMBERS = ("base", "rate", "amount")
#: what is read as text, and brought into its form here
TEXTS = (*NUMBERS, "trace")


class LinePosting:
    """One posting: the awards of a batch of credits against the lines they have.

    A line is *open* while nobody has approved it and its day is not locked. Open lines
    are brought to what the engine says. Beside lines that are not open, what is
    missing or too much is one open line, linked to the last of them.

    :param env: of the system, which alone writes the ledger
    """

    def __init__(self, env, awards, batch):
        self.env = env
        self.awards = awards
        self.rows = batch.rows
        self.scope = {
            (row.event["id"], row.employee_id): row
            for row in batch.rows.values()
            if row.id in batch.scope
        }
        self.new, self.changed, self.released = [], [], []
        self._changed_names = set()

    def post(self):
        """Write what differs, in three statements at most.

        :return: number of lines written
        """
        self._load()
        wanted = {self._award_key(award): award for award in self.awards}
        for key in {**wanted, **self._lines}:  # in the order of events and rules
            self._post_key(key, wanted.get(key))
        self._write()
        return len(self.new) + len(self.changed)

    @staticmethod
    def _award_key(award):
        return award.event_id, award.rule_id, award.employee_id, award.part

    # ------------------------------------------------------------------
    # Loading
    # ------------------------------------------------------------------

    def _load(self):
        self._lines = defaultdict(list)
        for line in self._read_lines():
            key = (line["event_id"], line["employee_id"])
            if key in self.scope:
                self._lines[
                    line["event_id"], line["rule_id"], line["employee_id"], line["part"]
                ].append(line)
        rule_ids = {award.rule_id for award in self.awards}
        rule_ids.update(rule_id for _event, rule_id, _employee, _part in self._lines)
        self._rules = {
            rule.id: rule
            for rule in self.env["hr.commission.rule"].browse(sorted(rule_ids))
        }
        companies = self.env["res.company"].browse(
            {row.company_id for row in self.scope.values()}
        )
        self._open_days = {
            company.id: company._get_commission_open_day() for company in companies
        }
        self._lock_dates = {
            company.id: company.commission_lock_date for company in companies
        }
        self._payouts = PayoutCalendar(self.env)

    def _read_lines(self):
        self.env["hr.commission.line"].flush_model()
        lines = fetch_dicts(
            self.env,
            SQL(
                """SELECT id, %s FROM (
                       SELECT id, %s FROM %s found
                   ) line ORDER BY id""",
                sql_columns(LINE_COLUMNS),
                SQL(", ").join(
                    SQL("%(name)s::text AS %(name)s", name=SQL.identifier(name))
                    if name in TEXTS
                    else SQL.identifier(name)
                    for name in LINE_COLUMNS
                ),
                of_events(
                    self.env,
                    "hr.commission.line",
                    {event_id for event_id, _employee in self.scope},
                ),
            ),
        )
        traces = {None: None}  # many lines say the same
        for line in lines:
            for name in NUMBERS:
                line[name] = Decimal(line[name] or 0)
            text = line["trace"]
            if text not in traces:
                traces[text] = json.loads(text)
            line["trace"] = traces[text]
            line["is_notice_due"] = bool(line["is_notice_due"])
        return lines

    # ------------------------------------------------------------------
    # One (event, rule, employee, part)
    # ------------------------------------------------------------------

    def _post_key(self, key, award):
        frozen, waiting = [], []
        for line in self._lines.get(key, ()):
            (waiting if self._is_open(line) else frozen).append(line)
        if not frozen:
            self._post_line(award, waiting)
            return
        settled = sum((line["amount"] for line in frozen), ZERO)
        due = award.amount if award else ZERO
        self._release_held(frozen, award)
        self._post_correction(key, award, frozen[-1], due, due - settled, waiting)

    def _is_open(self, line):
        lock_date = self._lock_dates.get(line["company_id"])
        return line["state"] in OPEN_STATES and not is_closed(lock_date, line["date"])

    def _post_line(self, award, waiting):
        """Bring the one open line to the award; without award it pays nothing."""
        line = waiting[0] if waiting else None
        self._cancel(waiting[1:] if award else waiting)
        if award:
            self._set(line, self._get_award_values(award))

    def _post_correction(self, key, award, last, due, difference, waiting):
        """Bring the open correction to the difference."""
        correction = next(
            (line for line in waiting if line["origin_line_id"] == last["id"]), None
        )
        is_promised = last["state"] in PROMISED_STATES
        if not difference:
            self._cancel(waiting, is_promised)
            return
        self._cancel([line for line in waiting if line is not correction], is_promised)
        state = "held" if award and award.held and difference > 0 else "draft"
        if correction and correction["amount"] == difference:
            self._set(correction, {**self._get_columns(correction), "state": state})
        else:
            values = self._get_correction_values(key, award, last, due, difference)
            self._set(correction, {**values, "state": state}, is_promised)

    def _cancel(self, lines, is_promised=False):
        for line in lines:
            if line["state"] != "cancelled":
                # a correction that nobody was told of yet is none
                is_news = is_promised and not line["is_notice_due"]
                self._set(line, self._get_cancelled_values(line), is_news)

    def _release_held(self, frozen, award):
        """A held line of a locked month becomes payable, its amount stays."""
        if award and award.held:
            return
        self.released += [line["id"] for line in frozen if line["state"] == "held"]

    def _set(self, line, values, is_news=False):
        """Write what differs; owners are told of news and of money set free.

        :param bool is_news: it corrects what was approved already
        """
        if line is None:
            self.new.append({**values, "is_notice_due": self._is_told(values, is_news)})
            return
        is_free = line["state"] == "held" and values["state"] == "draft"
        is_open = values["state"] not in ("held", "cancelled")
        is_waiting = line["is_notice_due"] and is_open
        is_news = is_news or is_free or is_waiting
        values = {**values, "is_notice_due": self._is_told(values, is_news)}
        names = [name for name, value in values.items() if value != line[name]]
        if names:
            self.changed.append({"id": line["id"], **values})
            self._changed_names.update(names)

    @staticmethod
    def _is_told(values, is_news):
        return bool(is_news and values["user_id"])

    # ------------------------------------------------------------------
    # Values
    # ------------------------------------------------------------------

    def _get_award_values(self, award):
        row = self.rows[award.credit_id]
        rule = self._rules[award.rule_id]
        return {
            **self._get_person_values(row),
            "rule_id": award.rule_id,
            "part": award.part,
            "date": self._get_posting_day(row.company_id, row.event["date"]),
            "date_due": self._payouts.award_due_date(
                rule, row.company_id, award, row.event["date"]
            ),
            "base": award.base,
            "rate": award.rate,
            "amount": award.amount,
            "kind": award.kind,
            "state": "held" if award.held else "draft",
            "origin_line_id": None,
            "is_disputed": bool(row.event["source_state"] == "disputed"),
            "trace": award.trace,
        }

    def _get_posting_day(self, company_id, day):
        """Return the day of the event; in a closed month, the first day still open."""
        return first_open_day(self._lock_dates.get(company_id), day)

    @staticmethod
    def _get_person_values(row):
        return {
            "credit_id": row.id,
            "event_id": row.event["id"],
            "lead_id": row.event["lead_id"],
            "employee_id": row.employee_id,
            "user_id": row.user_id,
            "role": row.role,
            "commission_source": row.event["commission_source"],
            "company_id": row.company_id,
        }

    @staticmethod
    def _get_columns(line):
        return {name: line[name] for name in LINE_COLUMNS}

    def _get_cancelled_values(self, line):
        """An open line that pays nothing any more; what it was stays in its trace."""
        row = self.scope[line["event_id"], line["employee_id"]]
        return {
            **self._get_columns(line),
            "amount": ZERO,
            "state": "cancelled",
            "trace": self._get_difference_trace(row, None, line, line["amount"], ZERO),
        }

    def _get_correction_values(self, key, award, last, due, difference):
        event_id, rule_id, employee_id, part = key
        row = self.scope[event_id, employee_id]
        reversed_on = row.event["date_reversed"]
        open_day = self._open_days[row.company_id]
        is_clawback = difference < 0 and reversed_on
        return {
            **self._get_person_values(row),
            "company_id": last["company_id"],
            "role": last["role"],
            "credit_id": last["credit_id"],
            "rule_id": rule_id,
            "part": part,
            "date": open_day,
            "date_due": self._payouts.due_date(
                self._rules[rule_id], row.company_id, open_day
            ),
            "base": award.base if award else ZERO,
            "rate": award.rate if award else ZERO,
            "amount": difference,
            "kind": "clawback" if is_clawback else "adjustment",
            "origin_line_id": last["id"],
            "is_disputed": False,
            "trace": self._get_difference_trace(
                row, award, last, due - difference, due
            ),
        }

    def _get_difference_trace(self, row, award, line, before, now):
        reversed_on = row.event["date_reversed"]
        return {
            "difference": {
                "before": str(before),
                "now": str(now),
                "cause": self._get_cause(row, award, line),
                "date_reversed": str(reversed_on) if reversed_on else None,
            }
        }

    def _get_cause(self, row, award, line):
        """Return why a line is no longer right, by what it was computed from."""
        if row.event["date_reversed"]:
            return "reversed"
        if not self.rows.get(line["credit_id"], row).share:
            return "person"
        if line["commission_source"] != row.event["commission_source"]:
            return "source"
        if not award:
            return "rule"
        if line["base"] and line["base"] != award.base:
            return "amount"
        if line["rate"] and line["rate"] != award.rate:
            return "rate"
        return "changed"

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    def _write(self):
        Line = self.env["hr.commission.line"]
        corrected = [row for row in self.new if row["origin_line_id"]]
        taken_back = [row for row in self.new if row["amount"] < 0]
        touched = self.changed + corrected + taken_back
        leads = {row.event["lead_id"] for row in self.scope.values()}
        claims, awards = self.env["hr.commission.dispute"]._find_touched(touched, leads)
        if self.new:
            Line._insert_rows(self.new)
        if self.changed:
            for row in self.changed:  # what is contested stays so until it is decided
                row["is_disputed"] |= row["id"] in claims.line_id.ids
            Line._update_rows(self.changed, self._changed_names)
        claims._get_contested_lines().is_disputed = True
        if self.released:
            Line.browse(self.released)._release()
        awards._follow_ledger()
        self._notify_owners()

    def _notify_owners(self):
        """Tell the open boards of those whose lines changed; no figures travel."""
        user_ids = {row["user_id"] for row in self.new + self.changed} - {None}
        for user in self.env["res.users"].browse(sorted(user_ids)):
            user._bus_send("hr_commission/lines_changed", {})
