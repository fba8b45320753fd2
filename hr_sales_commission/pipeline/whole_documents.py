# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Which events say what a whole document comes to, for sums that count each once."""

from odoo.tools import SQL

#: the condition on an ``event``; other events are of parts that rules pay on
OF_WHOLE_DOCUMENT = SQL("split_part(event.res_part, '/', 3) = ''")
