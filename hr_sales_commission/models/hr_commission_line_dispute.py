# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Disputed lines wait for the decision, which is the dispute's."""

from odoo import models


class HrCommissionLine(models.Model):
    _inherit = "hr.commission.line"

    def _get_roots(self):
        """Return what these commissions correct or add to, and themselves where nothing.

        :rtype: hr.commission.line
        """
        roots = self
        while roots.origin_line_id:
            roots = roots.mapped(lambda line: line.origin_line_id or line)
        return roots

    def _is_for_the_same(self, other):
        """Tell whether two lines pay one person for one thing.

        By one rule, whatever part of it; or one in the place of the other, because
        another plan holds or the customer came from elsewhere.

        :param other: hr.commission.line
        """
        if not self.event_id or (self.event_id, self.employee_id) != (
            other.event_id,
            other.employee_id,
        ):
            return False
        ours, theirs = self.rule_id, other.rule_id
        sources = {ours.commission_source, theirs.commission_source} - {False}
        is_instead = ours.plan_id != theirs.plan_id or len(sources) == 2
        return ours == theirs or self.role == other.role and is_instead

    def _get_computed(self):
        """Return what the plans pay for what these commissions are for.

        :return: all lines that are not cancelled, by each of these commissions
        :rtype: dict
        """
        roots = {line: line._get_roots() for line in self}
        paid = self.search(
            [
                ("event_id", "in", self.union(*roots.values()).event_id.ids),
                ("employee_id", "in", self.employee_id.ids),
                ("state", "!=", "cancelled"),
            ]
        )
        return {
            line: paid.filtered(lambda one, root=root: one._is_for_the_same(root))
            for line, root in roots.items()
        }

    def _get_left_of_sales(self, computed):
        """Return what is left for each of these commissions of the sale it is for.

        Documents that take it back count; a sale that was undone has nothing left.

        :param dict computed: from :meth:`_get_computed`
        :return: amounts; None where the sale was undone
        :rtype: dict
        """
        sales = self.event_id._get_whole_sales()
        paid = self.search(
            [
                ("event_id", "in", self.event_id.union(*sales.values()).ids),
                ("employee_id", "in", self.employee_id.ids),
                ("state", "!=", "cancelled"),
            ]
        )
        left = {}
        for line in self:
            rules = computed[line].rule_id | line.rule_id
            amounts = paid.filtered(
                lambda one, line=line, rules=rules: (
                    one.event_id in sales[line.event_id]
                    and one.employee_id == line.employee_id
                    and one.rule_id in rules
                )
            ).mapped("amount")
            undone = line.event_id.date_reversed
            left[line] = None if undone else line.currency_id.round(sum(amounts))
        return left

    def _get_replacing(self):
        """Return what pays in the place of these commissions, by other rules.

        :rtype: hr.commission.line
        """
        return self.union(
            *(
                lines.filtered(lambda one, line=line: one.rule_id != line.rule_id)
                for line, lines in self._get_computed().items()
            )
        )

    def _get_amount_in_all(self):
        """Return what is paid in all for what these commissions are for.

        With what pays in their place, what corrects them, and what was awarded before.

        :return: in the currency of the commissions
        :rtype: float
        """
        asked = self.sudo()  # sudo: one person's pay for one thing, whoever may read it
        lines = asked.union(asked._get_roots(), *asked._get_computed().values())
        former = asked.search(  # what another plan paid: an award may hang on it
            [
                ("event_id", "in", lines.event_id.ids),
                ("employee_id", "in", lines.employee_id.ids),
                ("state", "=", "cancelled"),
            ]
        )
        lines |= former.filtered(lambda one: any(map(one._is_for_the_same, lines)))
        found = lines
        while found:
            following = [
                ("origin_line_id", "in", found.ids),
                ("state", "!=", "cancelled"),
            ]
            found = lines.search(following) - lines
            lines |= found
        return sum(lines.mapped("amount"))

    def action_contest(self):
        """Open a dispute about this commission.

        :raises AccessError: to whoever may not read the commission
        """
        self._ensure_one_given()
        self.check_access("read")  # the claim begins with what is paid in all
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contest Commission"),
            "res_model": "hr.commission.dispute",
            "view_mode": "form",
            "context": {
                "default_kind": "line",
                "default_line_id": self.id,
                "default_claimed_amount": self._get_amount_in_all(),
            },
        }
