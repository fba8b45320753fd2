# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""A language loaded later reaches copies of ready-made plans and the usual alerts."""

from odoo import api, models
from odoo.tools import SQL

#: what is copied with a plan, and its texts
COPIED = {
    "hr.commission.plan": ("name", "description"),
    "hr.commission.rule": ("name",),
    "hr.commission.example": ("name",),
}


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        for lang in langs:
            if lang != "en_US":
                self._translate_copies(lang)
        return result

    @api.model
    def _translate_copies(self, lang):
        """Give texts their translation that read as those of a plan that comes with us.

        :param str lang: code of the language just loaded
        """
        for model, names in COPIED.items():
            for name in names:
                self._translate_alike(self.env[model], name, lang)
            self.env[model].invalidate_model(names)
        # sudo: texts of ours, of every company, as the language's loader is allowed
        alerts = self.env["hr.commission.alert"].sudo()
        alerts = alerts.search([("active", "in", (True, False))])
        alerts._translate_ready_made(lang)

    def _translate_alike(self, records, name, lang):
        """Copy a translation to every text that is the same in English and has none.

        By statement: plans in force are frozen, and what they mean stays as it is.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s AS copied
                   SET %(field)s = copied.%(field)s
                       || jsonb_build_object(%(lang)s, known.term)
                  FROM (
                    SELECT DISTINCT ON (source.%(field)s ->> 'en_US')
                           source.%(field)s ->> 'en_US' AS english,
                           source.%(field)s ->> %(lang)s AS term
                      FROM %(table)s AS source
                      JOIN ir_model_data AS data
                        ON data.model = %(model)s AND data.res_id = source.id
                     WHERE source.%(field)s ->> %(lang)s IS NOT NULL
                     ORDER BY source.%(field)s ->> 'en_US', data.id
                  ) AS known
                 WHERE copied.%(field)s ->> 'en_US' = known.english
                   AND copied.%(field)s ->> %(lang)s IS NULL
                """,
                table=SQL.identifier(records._table),
                field=SQL.identifier(name),
                model=records._name,
                lang=lang,
            )
        )
