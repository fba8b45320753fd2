# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Leads that teams assign are captured in sets."""

from odoo import models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def _action_assign_leads(self, force_quota=False, creation_delta_days=7):
        """Record what happens to the leads in sets, however many are assigned."""
        teams = self.with_context(commission_in_sets=True)
        result = super(CrmTeam, teams)._action_assign_leads(
            force_quota=force_quota, creation_delta_days=creation_delta_days
        )
        self.env["crm.lead"]._capture_aside()
        return result
