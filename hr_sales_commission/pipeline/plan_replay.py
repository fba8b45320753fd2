"""Loads what happened as if another plan had held."""

from .fact_loader import FactLoader


class PlanReplay(FactLoader):
    """Loads events as if one plan had held for everybody."""

    def __init__(self, env, plan):
        super().__init__(env)
        self._replayed_plan = plan

    def _load_people(self, event_facts):
        levels = [rule._get_level() for rule in self._replayed_plan.rule_ids]
        self.calendar.max_manager_level = max(levels, default=0)
        return super()._load_people(event_facts)

    def _get_plan_id(self, row):
        return self._replayed_plan.id

    def _get_plans(self, plan_ids, lead_ids=None):
        # a draft may still change
        return self.env["hr.commission.plan"]._to_engine(plan_ids, lead_ids)
