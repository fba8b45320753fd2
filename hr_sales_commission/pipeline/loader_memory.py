# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What plans that are tried on the same events have in common, loaded once."""

from dataclasses import dataclass, field


@dataclass
class LoaderMemory:
    """Kept from one :class:`FactLoader` to the next, which loads for another plan.

    Who takes part in events is the same under every plan, unless attribution is asked
    again. Plans and days are assigned anew by each loader.

    :param calendars: PlanCalendar by id of the plan that is tried, None for no plan
    :param plans: plans as ``_to_engine`` gives them, by id, as they were at first
    :param recorded: by ids of events, their rows and those of their credits
    :param credited: by ids of events and the highest level of managers, who may be
        credited and the credit rows
    """

    calendars: dict = field(default_factory=dict)
    plans: dict = field(default_factory=dict)
    recorded: dict = field(default_factory=dict)
    credited: dict = field(default_factory=dict)

    def forget_events(self):
        """Go on to other events: nothing of these is needed any more."""
        self.recorded.clear()
        self.credited.clear()
