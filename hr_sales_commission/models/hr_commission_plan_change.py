# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""From one plan to the next: what changes in words, whom it concerns, when it starts."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from ..pipeline.isolation import each_isolated, retried
from ..pipeline.reader_numbers import format_number
from ..pipeline.titles import clauses, labelled, listed
from .hr_commission_condition_words import CONDITION_MODELS

_logger = logging.getLogger(__name__)

#: what tells versions apart without changing what anybody earns
NOT_COMPARED = frozenset(
    ("name", "sequence", "plan_id", "company_id", "plan_state", "active", "state")
    + ("version", "draft_note", "previous_id", "date_start", "date_end", "is_template")
    + ("ended_by_id", "former_date_end")
    + ("rule_ids", "display_name")
    + tuple(models.MAGIC_COLUMNS)
)


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    phase = fields.Selection(
        [
            ("draft", "Draft"),
            ("scheduled", "Scheduled"),
            ("in_force", "In force"),
            ("ended", "Ended"),
        ],
        string="State Today",
        compute="_compute_phase",
        search="_search_phase",
        help="What the plan is today, by its days.",
    )

    has_replaced = fields.Boolean(compute="_compute_has_replaced")

    @api.depends("date_start", "company_id", "is_personal")
    def _compute_has_replaced(self):
        for plan in self:
            replaced = plan._find_replaced() if plan.state == "draft" else self.browse()
            plan.has_replaced = bool(replaced - plan.previous_id)

    def _get_today(self):
        """Return the day of the company whose plan it is; of a template, of one's own."""
        return (self.company_id or self.env.company)._commission_local_date()

    @api.depends("state", "date_start", "date_end", "company_id")
    @api.depends_context("company")
    def _compute_phase(self):
        for plan in self:
            today = plan._get_today()
            if plan.state == "draft":
                plan.phase = "draft"
            elif plan.date_start and plan.date_start > today:
                plan.phase = "scheduled"
            elif plan.date_end and plan.date_end < today:
                plan.phase = "ended"
            else:
                plan.phase = "in_force"

    @api.model
    def _search_phase(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self._get_today()
        decided = Domain("state", "!=", "draft")
        ended = Domain("date_end", "!=", False) & Domain("date_end", "<", today)
        scheduled = Domain("date_start", ">", today)
        domains = {
            "draft": Domain("state", "=", "draft"),
            "scheduled": decided & scheduled,
            "in_force": decided & ~scheduled & ~ended,
            "ended": decided & ended,
        }
        return Domain.OR(domains[phase] for phase in value if phase in domains)

    @api.model
    @retried
    def _cron_close_ended(self):
        """Plans whose last day has passed are closed."""
        latest = fields.Date.today() + timedelta(days=1)  # it is tomorrow in the East
        ended = self.search([("state", "=", "active"), ("date_end", "<", latest)])
        ended = ended.filtered(lambda plan: plan.date_end < plan._get_today())
        each_isolated(
            ended, _logger, "Closing", lambda plans: plans.write({"state": "closed"})
        )

    # ------------------------------------------------------------------
    # Beside a plan in force
    # ------------------------------------------------------------------

    def _find_replaced(self):
        """Return the plans in force that end the day before this one starts.

        The version before, and others of the company that started earlier.
        """
        self.ensure_one()
        if self.is_personal or not (self.company_id and self.date_start):
            return self.previous_id.filtered(lambda plan: plan.state == "active")
        return self._find_neighbours().filtered(
            lambda plan: (
                plan.date_start < self.date_start
                and (not plan.date_end or plan.date_end >= self.date_start)
            )
        )

    def action_review(self):
        """Show what activating this draft does, before it is done.

        :return: the window action of the dialog
        """
        self._ensure_one_given()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Activate “%(plan)s”", plan=self.display_name),
            "res_model": "hr.commission.plan.activation",
            "view_mode": "form",
            "target": "new",
            "context": {"default_plan_id": self.id},
        }

    def action_end_others(self):
        """End the plans in force of this company the day before this one starts.

        :raises UserError: if there is none that started earlier
        """
        self.check_access("write")
        for plan in self:
            plan._get_replaced()._end_before(plan)
        return True

    def action_change_other(self):
        """Show the next version of the plan in force in the place of this draft.

        :return: the window action that shows it; this draft stays as it is
        :raises UserError: if no plan in force started earlier
        """
        self._ensure_one_given()
        self.check_access("write")
        return self._get_replaced()[:1].action_change()

    def _get_replaced(self):
        """Return the plans in force that this one would end; at least one.

        :raises UserError: if there is none
        """
        replaced = self._find_replaced()
        if not replaced:
            raise UserError(
                self.env._(
                    "No other plan of this company that started earlier holds on "
                    "%(day)s.",
                    day=format_date(self.env, self.date_start),
                )
            )
        return replaced

    # ------------------------------------------------------------------
    # What changes, and whom it concerns
    # ------------------------------------------------------------------

    def _describe_changes(self, before):
        """Say in words what this plan pays otherwise than another one.

        :param before: hr.commission.plan
        :rtype: list[str]
        """
        self.ensure_one()
        changes = describe_fields(self, before)
        former = {change_key(rule): rule for rule in before.rule_ids}
        for rule in self.rule_ids:
            old = former.pop(change_key(rule), None)
            if old is None:
                changes.append(
                    self.env._(
                        "New rule “%(rule)s”: %(pays)s",
                        rule=rule.name,
                        pays=rule.summary,
                    )
                )
                continue
            changes += [
                labelled(self.env, rule.name, text)
                for text in describe_fields(rule, old)
            ]
            if rule.tier_summary != old.tier_summary:
                changes.append(
                    self.env._(
                        "%(rule)s: tiers %(before)s → %(after)s",
                        rule=rule.name,
                        before=old.summary or "–",
                        after=rule.summary or "–",
                    )
                )
        changes += [
            self.env._("Rule “%(rule)s” is gone.", rule=old.name)
            for old in former.values()
        ]
        return changes

    def _note_changes(self, before):
        """Note on a draft what it pays otherwise than another plan: see its name.

        :param before: hr.commission.plan
        """
        self.draft_note = clauses(self.env, self._describe_changes(before))

    def _find_concerned(self):
        """Return the employees whose pay this plan decides from its first day on."""
        self.ensure_one()
        # sudo: hr.version - who is paid by what is asked for the officer of the plan
        Employee = self.env["hr.employee"].sudo()
        if self.is_personal:
            return Employee.search([("version_ids.commission_plan_id", "=", self.id)])
        company = self.company_id.sudo()  # sudo: companies below, selected or not
        below = company.search([("id", "child_of", company.ids)])
        calendar = self._get_calendar()
        nearer = {
            branch.id
            for branch in below
            if self._is_nearer(calendar.plan_id(branch.id, self.date_start))
        }
        people = Employee.search(
            [
                ("commission_role", "!=", "none"),
                (
                    "company_id",
                    "in",
                    [each for each in below.ids if each not in nearer],
                ),
            ]
        )
        get_own_plan = Employee.env["hr.version"]._get_commission_plans(people)
        return people.filtered(lambda each: not get_own_plan(each.id, self.date_start))

    def _is_nearer(self, plan_id):
        """Whether a plan belongs to a branch below the company of this one."""
        # sudo: the company only, whoever may read the plan
        company = self.browse(plan_id or ()).sudo().company_id
        # sudo: companies below, selected or not
        return bool(company) and company in self.company_id.sudo().search(
            [("id", "child_of", self.company_id.ids), ("id", "!=", self.company_id.id)]
        )


def change_key(rule):
    """What the same rule of two versions has in common."""
    return rule.name, rule.event_type, rule.role


def describe_fields(record, before):
    """Say which fields two records of one model have otherwise.

    :rtype: list[str]
    """
    texts = []
    for name, field in record._fields.items():
        if name in NOT_COMPARED or not field.store or field.type == "one2many":
            continue
        old, new = _show(before, field), _show(record, field)
        if old != new:
            label = field._description_string(record.env)
            texts.append(labelled(record.env, label, f"{old or '–'} → {new or '–'}"))
    return texts


def _show(record, field):
    """Return the value of a field as the reader sees it."""
    value, env = record[field.name], record.env
    if field.name in CONDITION_MODELS:
        Condition = env["hr.commission.condition"]
        return Condition._describe(value, CONDITION_MODELS[field.name])
    if field.type == "selection":
        return dict(field._description_selection(env)).get(value, value)
    if field.type == "boolean":
        return env._("yes") if value else env._("no")
    if field.relational:
        # sudo: names in a text about a plan the reader may read
        return listed(env, value.sudo().mapped("display_name"))
    if field.type == "date":
        return format_date(env, value)
    if field.type == "monetary":
        return formatLang(env, value, currency_obj=record.currency_id)
    if field.type in ("float", "integer"):
        return format_number(env, value, digits=6)
    return value
