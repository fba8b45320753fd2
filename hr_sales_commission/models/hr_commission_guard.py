# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""A door that our models share: whatever comes in by it was looked at first."""

from odoo import api, models
from odoo.exceptions import AccessError

from ..pipeline.given import check_given, check_values, get_ids


class HrCommissionGuard(models.AbstractModel):
    """Checks what somebody gives to a model, on every path that takes values.

    Values have to fit their fields, also those of the system; ids have to be readable
    by whoever gives them. Nobody moves a record to a company they may not write in.
    """

    _name = "hr.commission.guard"
    _description = "Guard of Commission Records"

    #: models that complete values in their own ``create`` check before they do, and
    #: what they add is the system's
    _checks_first = False

    @api.model_create_multi
    def create(self, vals_list):
        if not self._checks_first:
            self._check_given(vals_list)
        self._check_companies(vals_list, is_stored=not self._transient)
        return super().create(vals_list)

    def _check_given(self, vals_list):
        """Look at values before anything is done with them.

        Models that complete values in their own ``create`` call this first.

        :raises ValidationError, AccessError: naming what does not fit
        """
        for vals in vals_list:
            check_values(self, vals)
        check_given(self, vals_list)

    def _check_companies(self, vals_list, is_stored=False):
        """Refuse companies in which the user does not work.

        Forms, dialogs and figures count and compute with the rights of the system; to
        which company a stored record belongs is asked by the record rules.

        :param bool is_stored: of records for which the rules look at ``company_id``
        :raises AccessError: naming no company
        """
        if self.env.su:
            return
        fields = {name: self._fields.get(name) for vals in vals_list for name in vals}
        named = {
            number
            for vals in vals_list
            for name, value in vals.items()
            if fields[name] is not None and not (is_stored and name == "company_id")
            for comodel, number in get_ids(fields[name], value)
            if comodel == "res.company"
        }
        # sudo: which companies the user may select
        if named - set(self.env.user.sudo().company_ids.ids):
            raise AccessError(
                self.env._("You do not work in the company named. Choose one of yours.")
            )

    def write(self, vals):
        self._check_given([vals])
        self._check_companies([vals], is_stored=not self._transient)
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")  # Odoo looks at the company before only
        return result

    @api.model
    def get_import_templates(self):
        """Offer a workbook to fill in where history of this model comes in."""
        templates = super().get_import_templates()
        return self.env["hr.commission.import"]._get_template(self._name) + templates

    def onchange(self, values, field_names, fields_spec):
        own = {}
        for name, value in values.items():
            field = self._fields.get(name)
            if isinstance(value, dict) and field and field.type == "many2one":
                # the form of a line gives the values of its parent, which were checked
                # there, where the number of the parent belongs
                parent = self.env[field.comodel_name]
                check_values(parent, dict.fromkeys(value, False))
            else:
                own[name] = value
        self._check_given([own])
        self._check_companies([own])
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        self._check_given([defaults])
        self._check_companies([defaults])
        return defaults
