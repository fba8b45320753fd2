# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What events that have not happened would pay, each as the only one to come."""

from collections import defaultdict
from datetime import date
from functools import cached_property

from ..engine.compute import Forecast
from ..engine.periods import looks_at_period, plan_window


class EventForecast:
    """The one estimate: of deals to be won, of money to be collected.

    :param CreditBatch batch: what is known, from ``FactLoader.load_imagined``: imagined
        events have ids below zero, everything else happened
    """

    def __init__(self, batch):
        self._batch = batch
        history = []
        self.credits_of_event = defaultdict(list)
        for credit in batch.credits:
            if credit.event_id < 0:
                self.credits_of_event[credit.event_id].append(credit)
            else:
                history.append(credit)
        self.forecast = Forecast(history, batch.plans, batch.targets)

    def compute(self, scope=None):
        """Yield what the rules would pay, each event after all that happened.

        Events that no rule of a period looks at are computed all at once.

        :param scope: ids of the credits to pay, None for all
        """
        together = []
        for credits in self.credits_of_event.values():
            if any(map(self._looks_at_period, credits)):
                yield from self.forecast.compute(credits, scope=scope).awards
            else:
                together += credits
        yield from self.forecast.compute(together, scope=scope).awards

    def _looks_at_period(self, credit):
        return (credit.plan_id, credit.role) in self._period_roles

    @cached_property
    def _period_roles(self):
        return {
            (plan.id, rule.role)
            for plan in self._batch.plans.values()
            for rule in plan.rules
            if looks_at_period(rule) or plan_window(plan, date.today())
        }
