# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What a simulation tells: its notes, and the table of people and plans."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import formatLang

from ..pipeline.reader_numbers import format_percent
from ..pipeline.titles import labelled


class HrCommissionSimulation(models.Model):
    _inherit = "hr.commission.simulation"

    def _get_replay_sentences(self):
        """Return what is told about counts, by their code; addons add theirs."""
        return {
            "unqualified": self.env._(
                "%(count)s leads would not have been qualified, as they stand today."
            ),
            "requalified": self.env._(
                "%(count)s leads that lost their qualification would have kept it."
            ),
            "still_qualified": self.env._(
                "%(count)s leads are qualified under both definitions and keep their "
                "day."
            ),
            "newly_qualified": self.env._(
                "%(count)s leads would have been qualified; their day is the first on "
                "which everything known was there. Earlier values of fields that are "
                "not tracked cannot be known."
            ),
            "target_scored": self.env._(
                "%(count)s settled targets pay that no plan had asked for."
            ),
            "shared_again": self.env._(
                "The marketers of %(count)s deals share by the plan’s attribution, from "
                "the recorded contacts."
            ),
            "shared_by_hand": self.env._(
                "%(count)s deals were shared by hand and stay as they are."
            ),
            "no_plan": self.env._(
                "%(count)s parts of events fall under no plan: nobody pays."
            ),
            "replaces_nobody": self.env._(
                "The plan takes the place of no plan in these companies and days: "
                "nothing changes. Look at its company, its first day and whom it is "
                "for."
            ),
            **self._get_trouble_sentences(),
        }

    def _get_trouble_sentences(self):
        """Return what is told about what could not be computed or is never paid."""
        return {
            "failed": self.env._(
                "%(count)s events are in error and were left out. Officers find them "
                "under Operations, Events."
            ),
            "left_out": self.env._(
                "This event cannot be computed and was left out under every plan: "
                "%(event_type)s"
            ),
            "error": self.env._("It stopped with an error: %(event_type)s"),
            "nothing_paid": self.env._(
                "Nothing in the period is paid for “%(event_type)s”."
            ),
            "by_hand": self.env._(
                "Entered by hand, imported or awarded in a dispute: %(count)s. This was "
                "decided, stays, and counts the same under every plan."
            ),
            "idle": self.env._(
                "The rule “%(event_type)s” pays nobody: what it asks for was never met."
            ),
        }

    @api.depends("signed_data")
    @api.depends_context("allowed_company_ids")
    def _compute_amount_signed(self):
        """Sum what was signed in the branches that the reader selected."""
        selected = {str(company_id) for company_id in self.env.companies.ids}
        for simulation in self.sudo():  # sudo: only the reader's branches are summed
            signed = simulation.signed_data or {}
            simulation.amount_signed = sum(
                amount for key, amount in signed.items() if key in selected
            )

    @api.depends("event_data")
    @api.depends_context("allowed_company_ids")
    def _compute_event_count(self):
        """Count the events of the branches that the reader selected, each once."""
        selected = set(self.env.companies.ids)
        for simulation in self.sudo():  # sudo: only the reader's branches are counted
            simulation.event_count = sum(
                count
                for companies, count in simulation.event_data or []
                if not selected.isdisjoint(companies)
            )

    def _may_see_everything(self):
        """Whether the reader selected every branch that was computed.

        :rtype: bool
        """
        self.ensure_one()
        computed = self.sudo().signed_data or {}  # sudo: which branches they are
        return {int(key) for key in computed} <= set(self.env.companies.ids)

    @api.depends("note_data", "signed_data")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_notes(self):
        for simulation in self:
            simulation.notes = "\n".join(simulation._get_notes()) or False

    def _get_notes(self):
        """Return a sentence for everything that is worth knowing about the replay.

        :rtype: list[str]
        """
        self.ensure_one()
        if not self._may_see_everything():
            # notes name deals of any branch
            return [self.env._("Select all branches that were computed to see notes.")]
        sentences = self._get_replay_sentences()
        Rule = self.env["hr.commission.rule"]
        kinds = dict(Rule._fields["event_type"]._description_selection(self.env))
        notes = []
        note_data = self.sudo().note_data or {}  # sudo: of branches that are selected
        for plan_id, counts in note_data.items():
            plan = self.env["hr.commission.plan"].browse(int(plan_id)).exists()
            name = plan.display_name or self.env._("Today")
            for code, count in counts.items():
                key, _mark, kind = code.partition(":")
                if key in sentences:
                    text = sentences[key] % {
                        "count": count,
                        "event_type": kinds.get(kind, kind),
                    }
                    notes.append(labelled(self.env, name, text))
        return notes

    @api.depends("result_ids.amount", "note_data", "amount_signed")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_comparison(self):
        for simulation in self:
            simulation.comparison = bool(simulation.result_ids) and self.env[
                "ir.qweb"
            ]._render(
                "hr_sales_commission.hr_commission_simulation_comparison",
                simulation._get_comparison_values(),
            )

    def _get_comparison_values(self):
        """Return what the table of people and plans shows.

        :return: ``plans`` (record, total, difference, ratio), ``before``, ``people``
            (name, branch, before, cells with amount, difference and reasons)
        :rtype: dict
        """
        self.ensure_one()
        cells = defaultdict(dict)
        for result in self.result_ids:
            cells[result.employee_id, result.company_id][result.plan_id] = result
        plans = self.result_ids.plan_id
        people = self._get_people_rows(cells, plans)
        before = sum(
            self._convert(company, next(iter(of_plan.values())).amount_before)
            for (_employee, company), of_plan in cells.items()
        )
        return {
            "simulation": self,
            "before_name": self.baseline_id.display_name or self.env._("Today"),
            "before": before,
            "before_ratio": self._get_cost_ratio(before),
            "plans": [self._get_plan_row(plan, before) for plan in plans],
            "people": people,
            "notes": self._get_notes(),
            "money": lambda amount, currency: formatLang(
                self.env, amount, currency_obj=currency
            ),
            "percent": lambda ratio: format_percent(self.env, ratio, digits=2),
            "has_branches": len({row["branch"] for row in people}) > 1,
        }

    @staticmethod
    def _get_people_rows(cells, plans):
        """Return what the table shows of each person, who loses most first.

        :param cells: results by plan, by (employee, company)
        """
        people = [
            {
                "name": employee.sudo().name,  # sudo: of a result the reader may read
                "branch": company.name,
                # sudo: a branch's currency is no secret
                "currency": company.sudo().currency_id,
                "before": next(iter(of_plan.values())).amount_before,
                "cells": [of_plan.get(plan) for plan in plans],
            }
            for (employee, company), of_plan in cells.items()
        ]

        def place(row):
            differences = [cell.difference for cell in row["cells"] if cell]
            return min(differences), sum(differences)

        return sorted(people, key=place)

    def _get_plan_row(self, plan, before):
        """Return what the table shows of a plan.

        :param float before: what everybody earned without it
        """
        results = self.result_ids.filtered(lambda result: result.plan_id == plan)
        total = sum(
            self._convert(result.company_id, result.amount) for result in results
        )
        return {
            "name": plan.display_name,
            "total": total,
            "difference": total - before,
            "ratio": self._get_cost_ratio(total),
            "winners": sum(each.difference > 0 for each in results),
            "losers": sum(each.difference < 0 for each in results),
        }

    def _get_cost_ratio(self, amount):
        """Return commissions in percent of what was signed, None without any."""
        return 100.0 * amount / self.amount_signed if self.amount_signed else None
