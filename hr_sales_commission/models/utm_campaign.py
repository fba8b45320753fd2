from odoo import models
from odoo.exceptions import AccessError

OFFICER = "hr_sales_commission.group_commission_officer"


class UtmCampaign(models.Model):
    _inherit = "utm.campaign"

    def write(self, vals):
        if "user_id" in vals:
            self._check_responsible(vals["user_id"])
        return super().write(vals)

    def _check_responsible(self, user_id):
        """Refuse to hand over a campaign whose leads somebody is paid for.

        The responsible of a campaign is who brought its leads.

        :raises AccessError: for anybody but commission officers, and for oneself
        """
        changed = self.filtered(lambda campaign: campaign.user_id.id != user_id)
        if self.env.su or not changed:
            return
        # sudo: only whether the campaign brought anybody
        Lead = self.env["crm.lead"].sudo().with_context(active_test=False)
        if not Lead.search_count([("campaign_id", "in", changed.ids)], limit=1):
            return
        if user_id == self.env.uid or not self.env.user.has_group(OFFICER):
            raise AccessError(
                self.env._(
                    "The responsible of a campaign earns on its leads. A commission "
                    "officer hands it over, and nobody to themselves."
                )
            )
