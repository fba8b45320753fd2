from odoo import models
from odoo.exceptions import AccessError

from ..pipeline.officers import OFFICER


class UtmCampaign(models.Model):
    """Who is responsible for a campaign is paid for its leads."""

    _inherit = "utm.campaign"

    def write(self, vals):
        if "user_id" in vals:
            self._check_responsible(vals["user_id"])
        return super().write(vals)

    def _check_responsible(self, user_id):
        """Let marketing managers and commission officers hand a campaign over.

        Leads that the campaign has brought so far keep whom they credit. Nobody hands
        a campaign that brought leads to themselves.

        :raises AccessError: saying whom to ask
        """
        changed = self.filtered(lambda campaign: campaign.user_id.id != user_id)
        if not changed or self.env.su:
            return
        is_own = user_id == self.env.uid and changed._has_leads()
        may = self.env.user.has_group(OFFICER) or self._is_marketing_manager()
        if may and not is_own:
            return
        raise AccessError(
            self.env._(
                "The responsible of a campaign is paid for its leads. Ask a marketing "
                "manager or a commission officer to hand it over."
            )
        )

    def _has_leads(self):
        """Whether these campaigns brought anybody."""
        leads = self.env["crm.lead"].sudo()  # sudo: only whether there is one
        return bool(
            leads.with_context(active_test=False).search_count(
                [("campaign_id", "in", self.ids)], limit=1
            )
        )

    def _is_marketing_manager(self):
        """Whether the user manages people who work in marketing.

        :rtype: bool
        """
        people = self.env["hr.employee"].sudo()  # sudo: roles are for human resources
        managed = people.search_count(
            [
                ("parent_id.user_id", "=", self.env.uid),
                ("commission_role", "=", "marketing"),
            ],
            limit=1,
        )
        return bool(managed)
