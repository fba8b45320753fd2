# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Reads deals in the layout of the published MavenTech pipeline and imports them."""

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

from odoo.fields import Command

PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "maven_crm"
SAMPLE = Path(__file__).parent / "data" / "maven_sample"

IMPORT_COLUMNS = [
    "id",
    "name",
    "type",
    "company_id/.id",
    "user_id/.id",
    "team_id/.id",
    "stage_id/.id",
    "expected_revenue",
    "commission_source",
    "source_state",
    "marketer_id/.id",
    "first_touch_date",
    "date_qualified",
    "date_won",
    "won_amount",
]


def read_csv(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class MavenCompany:
    """A company with one branch per office of the data, and everybody in it."""

    def __init__(self, env, rows):
        self.env = env(context={**env.context, "tracking_disable": True})
        self.headquarters = self.env["res.company"].create(
            {"name": "Maven HQ", "currency_id": env.ref("base.USD").id}
        )
        self.branches = {
            name: self.env["res.company"].create(
                {"name": f"Maven {name}", "parent_id": self.headquarters.id}
            )
            for name in sorted({row["branch"] for row in rows})
        }
        # the importer may use all these companies
        self.env.user.company_ids += self.headquarters
        self.env.user.company_ids += self.env["res.company"].union(
            *self.branches.values()
        )
        people = {}
        for row in rows:
            people[row["salesperson"]] = ("sales", row["branch"])
            if row["marketer"]:
                people[row["marketer"]] = ("marketing", row["branch"])
        self.employees = self._create_employees(people)

    def _create_employees(self, people):
        names = sorted(people)
        users = (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                [
                    {
                        "name": name,
                        "login": f"{name.lower().replace(' ', '.')}@maven.example.com",
                        "company_id": self.branches[people[name][1]].id,
                        "company_ids": [
                            Command.set(self.branches[people[name][1]].ids)
                        ],
                    }
                    for name in names
                ]
            )
        )
        employees = self.env["hr.employee"].create(
            [
                {
                    "name": name,
                    "user_id": user.id,
                    "company_id": self.branches[people[name][1]].id,
                    "commission_role": people[name][0],
                }
                for name, user in zip(names, users, strict=True)
            ]
        )
        return dict(zip(names, employees, strict=True))

    def import_rows(self, rows):
        """Import rows as the Import screen does.

        :raises AssertionError: with the messages of the import, if it refused
        """
        Lead = self.env["crm.lead"]
        stages = self.env["crm.stage"].search([("team_ids", "=", False)])
        won = stages.filtered("is_won")[:1]
        first = stages.filtered(lambda stage: not stage.is_won)[:1]
        # Odoo looks for a team of its own for each lead that names none
        team = self.env["crm.team"].sudo().create({"name": "Maven"})
        data = [self._to_import(row, team, won, first) for row in rows]
        result = Lead.load(IMPORT_COLUMNS, data)
        if result["messages"]:
            raise AssertionError(result["messages"][:3])
        return Lead.browse(result["ids"])

    def _to_import(self, row, team, won, first):
        salesperson = self.employees[row["salesperson"]]
        marketer = self.employees.get(row["marketer"])
        is_won = row["stage"] == "won"
        return [
            f"maven.{row['id']}",
            row["id"],
            "opportunity",
            str(self.branches[row["branch"]].id),
            str(salesperson.user_id.id),
            str(team.id),
            str((won if is_won else first).id),
            row["amount"] or "0",
            row["source_type"],
            "verified" if row["verified"] == "1" else "open",
            str(marketer.id) if marketer else "",
            row["created"],
            row["created"] if row["valid"] == "1" else "",
            row["closed"] if is_won else "",
            row["amount"] if is_won else "",
        ]


def totals(lines, codes):
    """Sum lines as the expected totals do.

    :param codes: code of a rule in the expected file, by rule
    :return: (lines, base, amount, held) by (employee, period, source, code)
    """
    sums = defaultdict(lambda: [0, Decimal(0), Decimal(0), Decimal(0)])
    for line in lines:
        row = sums[
            line.employee_id.name,
            line.date.strftime("%Y-%m"),
            line.commission_source,
            codes[line.rule_id],
        ]
        row[0] += 1
        row[1] += Decimal(str(line.base))
        row[3 if line.state == "held" else 2] += Decimal(str(line.amount))
    return {key: tuple(map(float, row)) for key, row in sums.items()}


def expected_totals(path):
    return {
        (row["employee"], row["period"], row["source_type"], row["rule"]): (
            float(row["lines"]),
            float(row["base"]),
            float(row["amount"]),
            float(row["held"]),
        )
        for row in read_csv(path)
    }
