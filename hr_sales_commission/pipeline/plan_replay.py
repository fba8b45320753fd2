"""Loads what happened as if another plan had held."""

from .fact_loader import FactLoader


class PlanReplay(FactLoader):
    """Loads events as if one plan had held for everybody."""

    def __init__(self, env, plan):
        super().__init__(env)
        self._replayed_plan = plan

    def _load_people(self, event_facts):
        levels = self._replayed_plan.rule_ids.filtered(
            lambda rule: rule.role == "manager"
        ).mapped("manager_level")
        self.calendar.max_manager_level = max(levels, default=0)
        return super()._load_people(event_facts)

    def _get_plan_id(self, row):
        return self._replayed_plan.id

    def _read_plan(self, plan_id):
        if plan_id == self._replayed_plan.id:
            return self._replayed_plan._to_engine()  # a draft may still change
        return super()._read_plan(plan_id)
