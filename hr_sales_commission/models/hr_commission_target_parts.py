# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Targets put together from several others, each with its weight."""

from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

from ..engine.facts import HUNDRED, ZERO
from ..engine.measures import MEASURES, Part, Whole
from ..engine.rounding import to_decimal
from ..pipeline.reader_numbers import FULL, format_number
from ..pipeline.target_days import TargetDays

#: what parts have from their whole, whatever they say
OF_THE_WHOLE = ("employee_id", "team_id", "branch_id", "company_id") + (
    "period",
    "date_from",
    "proration",
    "ramp",
)
#: what decides whether weights sum to the whole
WEIGHING = {"weight", "whole_id", "part_ids", "measure", "job_id"}
#: of a transaction: the targets whose weights are looked at when all is written
WEIGHED = "hr_commission_weighed"


class HrCommissionTarget(models.Model):
    _inherit = "hr.commission.target"
    _checks_first = True

    whole_id = fields.Many2one(
        "hr.commission.target",
        string="Part Of",
        index="btree_not_null",
        ondelete="cascade",
        help="The weighted target that this one is a part of.",
    )
    part_ids = fields.One2many(
        "hr.commission.target",
        "whole_id",
        string="Parts",
        copy=True,
        help="What the target is put together from; the weights sum to 100 %.",
    )
    name = fields.Char(
        string="Objective",
        help="What is to be reached, where several parts have the same measure.",
    )
    weight = fields.Float(
        string="Weight (%)", help="The part of the whole that this one decides."
    )
    attainment_max = fields.Float(
        string="Counts at Most (%)",
        help="What is reached above counts no more for the whole. 0: all counts.",
    )

    _weight_in_whole = models.Constraint(
        "CHECK (weight BETWEEN 0 AND 100 AND attainment_max >= 0)",
        "A weight lies between 0 and 100 %.",
    )

    # ------------------------------------------------------------------
    # Parts belong to whom, and to when, their whole does
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_given(vals_list)
        with self._weighed_once() as weighed:
            targets = super().create([self._complete(vals) for vals in vals_list])
            weighed.update((targets | targets.whole_id).ids)
        return targets

    def write(self, vals):
        with self._weighed_once() as weighed:
            if not WEIGHING.isdisjoint(vals):
                weighed.update((self | self.whole_id).ids)
            if vals.get("measure") == "weighted":
                vals = {**vals, "amount": FULL}
            result = super().write(vals)
            if not WEIGHING.isdisjoint(vals):
                weighed.update(self.whole_id.ids)
            if self.part_ids and not {*OF_THE_WHOLE, "job_id"}.isdisjoint(vals):
                for whole in self.filtered("part_ids"):
                    whole.part_ids.write(
                        whole._get_values_of_parts(is_of_job="job_id" in vals)
                    )
        return result

    def unlink(self):
        with self._weighed_once() as weighed:
            weighed.update(self.whole_id.ids)
            return super().unlink()

    @api.model
    def _complete(self, vals):
        """Return values of a new target with what follows from its whole."""
        whole = self.browse(vals.get("whole_id") or ())
        completed = {**vals, **(whole._get_values_of_parts() if whole else {})}
        if vals.get("measure") == "weighted":
            completed["amount"] = FULL
        return completed

    def _get_values_of_parts(self, is_of_job=False):
        """Return what the parts of the target have from it.

        :param bool is_of_job: its job position even where it has none
        """
        self.ensure_one()
        values = {name: self[name] for name in OF_THE_WHOLE}
        if self.job_id or is_of_job:
            values["job_id"] = self.job_id
        return {
            name: value.id if isinstance(value, models.Model) else value
            for name, value in values.items()
        }

    @contextmanager
    def _weighed_once(self):
        """Look at weights when all that is written with them is there.

        Yields the ids of the targets to look at.
        """
        data = self.env.cr.precommit.data
        is_outermost = WEIGHED not in data
        weighed = data.setdefault(WEIGHED, set())
        try:
            yield weighed
        finally:
            if is_outermost:
                del data[WEIGHED]
        if is_outermost and weighed:
            targets = self.browse(weighed).exists()
            targets._check_weights()
            targets._record_scores()

    def _check_weights(self):
        """Check that the parts of weighted targets sum to the whole.

        :raises ValidationError: naming the target
        """
        for target in self:
            name, parts = {"target": target.display_name}, target.part_ids
            if target.measure != "weighted":
                if parts:
                    raise ValidationError(
                        self.env._(
                            "Only a weighted target has parts: “%(target)s”.", **name
                        )
                    )
                continue
            if target.whole_id:
                raise ValidationError(
                    self.env._(
                        "“%(target)s” is weighted: it is no part of another.", **name
                    )
                )
            whole = sum(parts.mapped("weight"))
            if float_compare(whole, FULL, 4) or not all(parts.mapped("weight")):
                raise ValidationError(
                    self.env._(
                        "The weights of “%(target)s” sum to %(sum)s %%, not to 100 %%, "
                        "or one is zero.",
                        sum=format_number(self.env, whole),
                        **name,
                    )
                )

    def action_split(self):
        """Refuse for weighted targets: their parts are split, each by itself.

        :raises UserError: if one of these targets is weighted
        """
        if "weighted" in self.mapped("measure"):
            raise UserError(
                self.env._("A weighted target is not split: split its parts.")
            )
        return super().action_split()

    # ------------------------------------------------------------------
    # What they come to
    # ------------------------------------------------------------------

    @api.depends(
        "part_ids.amount",
        "part_ids.attainment_max",
        "part_ids.score",
        "part_ids.score_state",
        "part_ids.weight",
    )
    def _compute_achieved(self):
        return super()._compute_achieved()

    def _get_achieved(self):
        wholes = self.filtered(lambda target: target.measure == "weighted")
        # parts are not read by their field: it may be computed together with the wholes'
        plain = (self - wholes) | wholes.part_ids
        achieved = super(HrCommissionTarget, plain)._get_achieved()
        effective = TargetDays(wholes.part_ids).get_amounts()
        return achieved | {
            whole.id: float(
                sum(
                    (
                        part._to_part(effective).weigh(
                            to_decimal(achieved.get(part.id, 0.0))
                        )
                        for part in whole.part_ids
                    ),
                    ZERO,
                )
            )
            for whole in wholes
        }

    def _to_part(self, effective):
        """Return the part as the engine weighs it.

        :param dict effective: amounts of targets in proportion, by id
        :rtype: Part
        """
        self.ensure_one()
        is_approved = self.score_state == "approved"
        return Part(
            measure=self.measure,
            goal=effective.get(self.id, to_decimal(self.amount)),
            weight=to_decimal(self.weight),
            most=to_decimal(self.attainment_max) if self.attainment_max else None,
            reached=to_decimal(self.score) if is_approved else ZERO,
        )

    def _get_wholes(self):
        """Return what weighted targets are put together from, by their id.

        :rtype: dict[int, Whole]
        """
        people = self.employee_id.sudo()  # sudo: roles are for human resources
        roles = {person.id: person.commission_role for person in people}
        effective = TargetDays(self.part_ids).get_amounts()
        found = {}
        for target in self:
            role = roles.get(target.employee_id.id)
            parts = tuple(part._to_part(effective) for part in target.part_ids)
            found[target.id] = Whole(role if role != "none" else None, parts)
        return found

    @api.model
    def _merge_wholes(self, wholes):
        """Return what targets for several job positions are put together from.

        Each decides by the days of its position; what events tell is measured against
        the goals of all of them, as it is not known by position.

        :param wholes: pairs of the percentage that a target decides, and its parts
        :rtype: Whole
        """
        parts = []
        for number, (percent, whole) in enumerate(wholes):
            others = [each for place, (_, each) in enumerate(wholes) if place != number]
            for part in whole.parts:
                goal = part.goal
                if not MEASURES[part.measure].is_given:
                    goal += sum((each.goal_of(part.measure) for each in others), ZERO)
                weight = part.weight * percent / HUNDRED
                parts.append(part._replace(goal=goal, weight=weight))
        return Whole(wholes[0][1].role, tuple(parts))
