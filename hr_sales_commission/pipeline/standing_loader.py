"""Loads where people stand in their running periods."""

from ..engine.facts import ONE, ZERO
from .fact_loader import FactLoader


class StandingLoader(FactLoader):
    """Loads the running periods of employees, by an imagined event of each today."""

    def load_standing(self, employees):
        """Return what the engine knows of these employees' running periods.

        Their imagined credits, one for each role, are those of events below zero.

        :param employees: hr.employee
        :rtype: CreditBatch
        """
        return self.load_imagined(
            [self._imagine(-number, each) for number, each in enumerate(employees, 1)]
        )

    @staticmethod
    def _imagine(event_id, employee):
        return {
            "id": event_id,
            "event_type": "deal_won",
            "date": employee.company_id._commission_local_date(),
            "amount": ZERO,
            "quantity": ZERO,
            "date_reversed": None,
            "company_id": employee.company_id.id,
            "lead_id": None,
            "user_id": None,
            "marketer_id": employee.id,
            "commission_source": None,
            "source_state": "open",
        }

    def _get_event_rows(self, event, former):
        highest = self.calendar.max_manager_level
        parts = [
            (role.code, level)
            for role in self._participants.roles
            for level in role.get_levels(highest)
        ]
        return [
            self._make_row(event, event["marketer_id"], role, level, ONE, former)
            for role, level in parts
        ]
