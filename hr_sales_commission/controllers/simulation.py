"""A simulation as a workbook to download; nothing is computed here."""

from io import BytesIO

import xlsxwriter

from odoo.http import Controller, content_disposition, request, route

from .records import find_records
from .statement import XLSX
from .statement_workbook import SheetWriter

RESULT_FIELDS = (
    "simulation_id",
    "employee_id",
    "company_id",
    "plan_id",
    "amount_before",
) + ("amount", "difference", "paid_before", "paid", "currency_id", "reasons")
DETAIL_FIELDS = (
    ("simulation_id", "variant", "employee_id", "company_id", "role")
    + ("commission_source", "rule_id", "deal_company_id", "month", "month_due")
    + ("award_count", "base", "amount", "currency_id")
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
    writer.add_sheet(
        env._("By Person"),
        env["hr.commission.simulation.result"].search(domain),
        RESULT_FIELDS,
    )
    writer.add_sheet(
        env._("By Everything"),
        env["hr.commission.simulation.detail"].search(domain),
        DETAIL_FIELDS,
    )
    workbook.close()
    return output.getvalue()
