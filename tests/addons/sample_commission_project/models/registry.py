"""What the engine learns once, when the addon is loaded."""

from odoo.addons.hr_sales_commission.engine.attribution import register_attribution
from odoo.addons.hr_sales_commission.engine.payout import register_payout

#: on the last day of the quarter, wherever the company's year begins
register_payout(
    "quarter_end", lambda day, days, add_working_days: day, period="quarter"
)
#: only the touches of the last month before the win, in equal parts
register_attribution(
    "last_month", lambda dates, won_on: [(won_on - day).days <= 30 for day in dates]
)
