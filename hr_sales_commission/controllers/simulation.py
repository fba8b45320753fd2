# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""A simulation as a workbook to download; nothing is computed here."""

from io import BytesIO

import xlsxwriter

from odoo.http import Controller, content_disposition, request, route

from ..pipeline.titles import labelled
from .records import find_records
from .statement import XLSX
from .statement_workbook import SheetWriter

#: of a person, whatever the plan
PERSON_FIELDS = ("simulation_id", "employee_id", "company_id", "currency_id") + (
    "amount_before",
    "paid_before",
)
#: of a person under each plan
PLAN_FIELDS = ("amount", "difference", "paid", "reasons")
DETAIL_FIELDS = (
    ("simulation_id", "variant", "employee_id", "company_id", "role")
    + ("commission_source", "rule_id", "deal_company_id", "month", "month_due")
    + ("award_count", "base", "currency_id")
)


class CommissionSimulation(Controller):
    @route(
        "/commission/simulation/<string:ids>.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def export_simulations(self, ids, **_parameters):
        """Return simulations as a workbook: by person, and by everything.

        Record rules decide: one simulation that the user may not read refuses all; of
        the rows those of the selected companies come.

        :param str ids: ids of simulations, separated by commas
        """
        simulations = find_records("hr.commission.simulation", ids)
        name = simulations.name if len(simulations) == 1 else "simulations"
        return request.make_response(
            build_workbook(simulations),
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
            ],
        )


def build_workbook(simulations):
    """Return the content of an XLSX file.

    :param simulations: hr.commission.simulation, in the environment of the reader
    :rtype: bytes
    """
    env = simulations.env
    output = BytesIO()
    workbook = xlsxwriter.Workbook(output, {"in_memory": True})
    writer = SheetWriter(workbook)
    domain = [("simulation_id", "in", simulations.ids)]
    results = env["hr.commission.simulation.result"].search(domain)
    details = env["hr.commission.simulation.detail"].search(domain)
    writer.add_table(env._("By Person"), *_get_people_table(results))
    writer.add_table(env._("By Everything"), *_get_detail_table(details))
    workbook.close()
    return output.getvalue()


def _get_people_table(results):
    """Return columns and rows: one row a person, columns for every plan."""
    columns = [(_get_label(results, name), name, None) for name in PERSON_FIELDS]
    for plan in results.plan_id:
        columns += [
            (labelled(results.env, plan.display_name, _get_label(results, name)), name)
            + (plan,)
            for name in PLAN_FIELDS
        ]
    of_person = results.grouped(
        lambda result: (result.simulation_id, result.employee_id, result.company_id)
    )
    return columns, [
        {None: rows[:1], **{row.plan_id: row for row in rows}}
        for rows in of_person.values()
    ]


def _get_detail_table(details):
    """Return columns and rows: the amounts of every plan in a column of its own.

    Plans are alternatives, so that no sum of a column adds them up.
    """
    columns = [(_get_label(details, name), name, None) for name in DETAIL_FIELDS]
    columns += [
        (variant, "amount", variant)
        for variant in dict.fromkeys(details.mapped("variant"))
    ]
    return columns, ({None: row, row.variant: row} for row in details)


def _get_label(records, name):
    return records._fields[name]._description_string(records.env)
