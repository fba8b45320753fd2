from odoo import models


class Base(models.AbstractModel):
    """What an entry of the log says about a record, and which rows of a file are known."""

    _inherit = "base"

    def _load_records_write(self, values):
        """Leave a record alone that a file without ids has brought before.

        Its row is known by what it says, so it has nothing new to say: what people
        changed since stays.
        """
        if self.env.context.get("commission_known_rows"):
            return None
        return super()._load_records_write(values)

    def _get_audit_values(self):
        """Return which record an entry of the log is about, and whose pay.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "res_model": self._name,
            "res_id": self.id,
            "record_name": self.display_name,
            "company_id": self._get_audit_company().id,
            "employee_id": self._get_audit_employee().id,
        }

    def _get_audit_company(self):
        """Return the company in whose log an act on this record stands."""
        company = "company_id" in self._fields and self["company_id"]
        return company or self.env.company

    def _get_audit_employee(self):
        """Return whose pay follows from this record; none: everybody's."""
        employee = "employee_id" in self._fields and self["employee_id"]
        return employee or self.env["hr.employee"]

    def _get_audit_text(self, name):
        """Return a value as it stands in the log: codes and numbers, names of records."""
        value = self[name]
        if isinstance(value, models.BaseModel):
            return ", ".join(value.mapped("display_name")) or False
        if value is None or value is False:
            return False
        return str(value)

    def _get_audit_ref(self, name):
        """Return the number of the record a field points to; 0 where it is none."""
        value = self[name]
        return value.id or 0 if self._fields[name].type == "many2one" else 0
