# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Whose commissions somebody could read, asked of the record rules themselves."""

from odoo.fields import Domain

LINE = "hr.commission.line"
#: what is known of a line as soon as it is known who is credited
CREDITED_FIELDS = frozenset(
    ("lead_id", "employee_id", "user_id", "company_id", "role", "date")
    + ("commission_source",)
)


class ReadableLines:
    """Decides which commission lines the user of an environment could read.

    The lines need not exist: the rules are evaluated on lines in memory, once for each
    set of the values that they look at.
    """

    def __init__(self, env):
        self._lines = env[LINE].sudo()  # sudo: as the platform evaluates the rules
        self._user_id = env.uid
        self._is_allowed = env[LINE].has_access("read")
        self._domain = env["ir.rule"]._compute_domain(LINE, "read")
        self._names = {
            condition.field_expr.split(".")[0]
            for condition in self._domain.iter_conditions()
        }
        self._answers = {}

    @property
    def sees_others(self):
        """Whether the rules leave any line to the user but those the user is paid."""
        own = Domain("user_id", "in", [self._user_id]).optimize(self._lines)
        others = self._domain.map_conditions(
            lambda condition: Domain.FALSE if condition == own else condition
        )
        return self._is_allowed and not others.optimize(self._lines).is_false()

    @property
    def looks_at_credit(self):
        """Whether it is enough for the rules to know who is credited for what."""
        return self._names <= CREDITED_FIELDS

    def select(self, rows):
        """Return which of these lines the user could read.

        :param list[dict] rows: values of lines, with the same names in each
        :rtype: list[bool]
        """
        if not rows or not self._is_allowed:
            return [False] * len(rows)
        names = rows[0].keys()
        if self._names <= names:
            names = self._names
        keys = [tuple(row[name] for name in names) for row in rows]
        missing = {
            key: row
            for key, row in zip(keys, rows, strict=True)
            if key not in self._answers
        }
        if missing:
            self._ask(missing)
        return [self._answers[key] for key in keys]

    def _ask(self, rows):
        lines = self._lines.with_context(active_test=False)
        news = [lines.new(row) for row in rows.values()]
        readable = set(lines.concat(*news).filtered_domain(self._domain)._ids)
        for key, line in zip(rows, news, strict=True):
            self._answers[key] = line._ids[0] in readable
