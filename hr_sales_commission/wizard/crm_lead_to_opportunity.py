# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Leads that are converted together are captured in one set."""

from odoo import models


class CrmLead2opportunityPartner(models.TransientModel):
    _inherit = "crm.lead2opportunity.partner"

    def _convert_and_allocate(self, leads, user_ids, team_id=False):
        """Record what happens to the leads in one set, however many are converted."""
        result = super()._convert_and_allocate(
            leads.with_context(commission_in_sets=True), user_ids, team_id=team_id
        )
        leads._capture_aside()
        return result
