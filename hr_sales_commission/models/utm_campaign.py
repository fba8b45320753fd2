# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, models
from odoo.exceptions import AccessError

from ..pipeline.officers import OFFICER


class UtmCampaign(models.Model):
    """Who is responsible for a campaign is paid for its leads."""

    _inherit = "utm.campaign"

    @api.model_create_multi
    def create(self, vals_list):
        campaigns = super().create(vals_list)
        campaigns._check_name_is_new()
        return campaigns

    def write(self, vals):
        if "user_id" in vals:
            self._check_responsible(vals["user_id"])
        if not {"name", "title", "active"}.isdisjoint(vals):
            self._check_not_of_others()
        result = super().write(vals)
        if not {"name", "title", "user_id"}.isdisjoint(vals):
            self._check_name_is_new()
        return result

    def _check_name_is_new(self):
        """Refuse the name by which leads have found a colleague's campaign.

        Forms and ads find a campaign by its name, and whoever is responsible for it is
        paid for what they bring.

        :raises AccessError: naming it
        """
        if self.env.su or self.env.user.has_group(OFFICER):
            return
        myself, _own = self.env["hr.commission.person"]._get_myself()
        mine = self.filtered(lambda campaign: campaign.user_id in myself)
        known = self.env["crm.touchpoint"].sudo()  # sudo: only whether there is one
        names = {*mine.mapped("name"), *mine.mapped("title")}
        taken = mine and known.search(
            [
                ("campaign_name", "in", list(names)),
                ("employee_id", "!=", False),
                ("employee_id.user_id", "not in", myself.ids),
                ("campaign_id", "not in", mine.ids),
            ],
            limit=1,
        )
        if taken:
            raise AccessError(
                self.env._(
                    "Leads came through the campaign “%(name)s” of a colleague. Choose "
                    "another name.",
                    name=taken.campaign_name,
                )
            )

    def _check_not_of_others(self):
        """Leave by what forms and ads find a campaign to whoever is paid for its leads.

        :raises AccessError: saying whom to ask
        """
        myself, _own = self.env["hr.commission.person"]._get_myself()
        others = self.user_id - myself
        people = self.env["hr.employee"].sudo()  # sudo: whether somebody is paid for it
        if (
            not self.env.su
            and others
            and people.search_count([("user_id", "in", others.ids)], limit=1)
            and not self.env.user.has_group(OFFICER)
            and not self._is_marketing_manager()
        ):
            raise AccessError(
                self.env._(
                    "Forms and ads find a campaign by its name, and a colleague is "
                    "responsible for this one. Ask them, a marketing manager or a "
                    "commission officer to change it."
                )
            )

    def _check_responsible(self, user_id):
        """Let marketing managers and commission officers hand a campaign over.

        Leads that the campaign has brought so far keep whom they credit. Nobody hands
        a campaign that brought leads to themselves.

        :raises AccessError: saying whom to ask
        """
        changed = self.filtered(lambda campaign: campaign.user_id.id != user_id)
        if not changed or self.env.su:
            return
        users, _own = self.env["hr.commission.person"]._get_person(self.env.user)
        is_own = user_id in users.ids and changed._has_leads()
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
