"""A door that our models share: whatever comes in by it was looked at first."""

from odoo import api, models

from ..pipeline.given import check_given, check_values


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
        return super().create(vals_list)

    def _check_given(self, vals_list):
        """Look at values before anything is done with them.

        Models that complete values in their own ``create`` call this first.

        :raises ValidationError, AccessError: naming what does not fit
        """
        for vals in vals_list:
            check_values(self, vals)
        check_given(self, vals_list)

    def write(self, vals):
        self._check_given([vals])
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
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        self._check_given([defaults])
        return defaults
