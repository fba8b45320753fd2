# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .cast import COMMISSION
from .common import CommissionCommon

#: who sees what, written by hand. Columns: user, selected companies, then
#: - people: whose lines, credits, targets and statements
#: - plans: whose plans with their rules and tiers; P is a plan for chosen people of N
#: - companies: whose events, simulations and so on, for those who may read them at all
#: - leads: the leads of whose salespeople, for shares, touchpoints and paths
#: - disputes: whose disputes
WHO_SEES_WHAT = """
user           selected   people                         plans         companies  leads                    disputes
marketer       HQ         M                              HQ            HQ         -                        -
sales_north    N          SN                             HQ N          N          SN                       SN
sales_both     N          2N 2S                          HQ N          N          2N                       -
sales_both     S          2N 2S                          HQ S          S          2S                       -
sales_both     N,S        2N 2S                          HQ N S        N S        2N 2S                    -
sales_south    S          SS                             HQ S          S          SS                       SS
sales_south_a  SA         SA                             HQ S SA       SA         SA                       SA
team_manager   N          SN TN                          HQ N          N          SN TN 2N BN              TN
head           HQ         HD                             HQ            HQ         OH                       -
head           N          HD TN SN BN ON                 HQ N          N          SN TN 2N BN              -
head           HQ,N,S,SA  HD TN SN BN ON                 HQ N S SA     HQ N S SA  SN TN 2N 2S BN SS SA OH  -
manager_north  N          SN TN 2N BN ON                 HQ N          N          SN TN 2N BN              SN TN
manager_south  S          SS 2S AM                       HQ S          S          SS 2S                    SS
area_manager   S          SS 2S AM                       HQ S          S          SS 2S                    SS
area_manager   S,SA       SS 2S AM SA                    HQ S SA       S SA       SS 2S SA                 SS SA
area_manager   SA         AM SA                          HQ S SA       SA         SA                       SA
officer_north  N          SN TN 2N BN ON                 HQ N P        N          SN TN 2N BN              SN TN
officer_hq     HQ         M HD OH                        HQ            HQ         OH                       OH
officer_hq     N          SN TN 2N BN ON OH              HQ N P        N          SN TN 2N BN              SN TN OH
officer_hq     S,SA       SS 2S AM SA OH                 HQ S SA       S SA       SS 2S SA                 SS SA OH
officer_hq     HQ,N,S,SA  M HD OH SN TN 2N 2S BN ON SS AM SA  HQ N P S SA  HQ N S SA  SN TN 2N 2S BN SS SA OH  SN TN SS SA OH
administrator  HQ         M HD OH                        HQ            HQ         OH                       OH
administrator  N,S        SN TN 2N 2S BN ON SS AM        HQ N P S      N S        SN TN 2N 2S BN SS        SN TN SS
"""

#: ``setup`` is what a company sets up for itself and its branches, like plans

#: whose own touchpoints are seen whatever is selected, like everything of one's own
OWN_TOUCHPOINTS = {"sales_both": {"2N", "2S"}, "officer_hq": {"OH"}}

#: what the groups may do with what they see: read, write, create, unlink.
#: Columns: model, column above, then the groups, each at least what is left of it
WHO_DOES_WHAT = """
model                            sees       user  team  branch  officer  administrator
hr.commission.line               people     r     r     r       rwcu     rwcu
hr.commission.credit             people     r     r     r       r        r
hr.commission.target             people     r     r     r       rwcu     rwcu
hr.commission.statement          people     r     r     r       ru       ru
hr.commission.plan               plans      r     r     r       rwcu     rwcu
hr.commission.rule               plans      r     r     r       rwcu     rwcu
hr.commission.tier               plans      r     r     r       rwcu     rwcu
hr.commission.example            plans      r     r     r       rwcu     rwcu
hr.commission.example.event      plans      r     r     r       rwcu     rwcu
hr.commission.role               setup      r     r     r       rwcu     rwcu
hr.commission.assignment         people     r     r     rwcu    rwcu     rwcu
hr.commission.pool               companies  -     -     -       rwcu     rwcu
hr.commission.pool.share         companies  -     -     -       rwcu     rwcu
hr.commission.manager            companies  -     -     -       rwcu     rwcu
hr.commission.event              companies  -     -     -       r        r
hr.commission.correction         companies  -     -     r       r        r
hr.commission.simulation         companies  -     -     -       rwcu     rwcu
hr.commission.simulation.result  companies  -     -     -       r        r
hr.commission.simulation.detail  companies  -     -     -       r        r
hr.commission.scenario           companies  -     -     -       rwcu     rwcu
hr.commission.scenario.line      companies  -     -     -       rwcu     rwcu
hr.commission.scenario.result    companies  -     -     -       r        r
hr.commission.effect             companies  -     -     -       rwcu     rwcu
hr.commission.effect.figure      companies  -     -     -       r        r
hr.commission.queue              root       -     -     -       -        r
hr.commission.waiting            companies  -     -     -       -        r
hr.commission.day                companies  -     -     -       -        r
hr.commission.stale              root       -     -     -       -        -
hr.commission.alert              companies  -     -     -       rwcu     rwcu
hr.commission.health             companies  -     -     -       r        r
hr.commission.export             companies  -     -     -       rw       rw
hr.commission.import             companies  -     -     -       r        r
hr.commission.export.template    companies  -     -     -       rwcu     rwcu
hr.commission.export.column      companies  -     -     -       rwcu     rwcu
hr.commission.dispute            disputes   rc    rc    rwc     rwc      rwc
crm.lead.share                   leads      r     r     rwcu    rwcu     rwcu
crm.lead.path.report             leads      r     r     r       r        r
crm.lead.funnel                  leads      r     r     r       r        r
crm.touchpoint                   touches    rc    rc    rc      rc       rwcu
crm.touchpoint.chain             root       -     -     -       -        r
hr.commission.person             root       -     -     -       -        r
hr.commission.audit              companies  -     -     -       r        r
hr.commission.inspection         companies  -     -     -       r        r
"""

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}

GROUP_OF_USER = {
    "marketer": "user",
    "sales_north": "user",
    "sales_both": "user",
    "sales_south": "user",
    "sales_south_a": "user",
    "team_manager": "team",
    "head": "team",
    "manager_north": "branch",
    "manager_south": "branch",
    "area_manager": "branch",
    "officer_north": "officer",
    "officer_hq": "officer",
    "administrator": "administrator",
}


def parse(table):
    """Return the rows of a table as dictionaries of its columns' names.

    Columns are apart by two spaces at least.
    """
    lines = [line for line in table.strip().splitlines() if line.strip()]
    names = lines[0].split()
    rows = []
    for line in lines[1:]:
        cells = [cell.strip() for cell in line.split("  ") if cell.strip()]
        rows.append(dict(zip(names, cells, strict=True)))
    return rows


def labels(cell):
    return set() if cell == "-" else set(cell.split())


@tagged("post_install", "-at_install", "commission_long")
class TestAccessMatrix(CommissionCommon):
    """Real users × models × operations × selected companies, against the tables."""

    only_model = None  # tools/mutation_check.py looks at one model at a time

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_more_people()
        cls.people = {
            "M": cls.marketer,
            "SN": cls.sales_north,
            "TN": cls.team_manager,
            "BN": cls.manager_north,
            "ON": cls.officer_north,
            "2N": cls.both_north,
            "2S": cls.both_south,
            "SS": cls.sales_south,
            "AM": cls.area_manager,
            "SA": cls.sales_south_a,
            "OH": cls.officer_hq,
            "HD": cls.head,
        }
        cls.companies = {
            "HQ": cls.hq,
            "N": cls.north,
            "S": cls.south,
            "SA": cls.south_a,
        }
        export = cls.env.ref("base.group_allow_export")
        for employee in {*cls.people.values(), cls.manager_south, cls.administrator}:
            employee.user_id.group_ids += export
        cls.records = {}
        cls._create_plans()
        cls._create_deals()
        cls._create_people_records()
        cls._create_company_records()
        cls._create_disputes()
        cls.env.flush_all()

    @classmethod
    def _create_more_people(cls):
        """A head of three levels of people, and one person in two branches."""
        leaders = "sales_team.group_sale_salesman_all_leads"
        cls.head = cls._create_person(
            "head", cls.hq, cls.branches, f"{leaders},{COMMISSION}manager_team"
        )
        cls.manager_north.parent_id = cls.head
        cls.both_north = cls._create_person(
            "sales_both",
            cls.north,
            cls.north + cls.south,
            "sales_team.group_sale_salesman",
        )
        cls.both_south = cls._create_employee(cls.both_north.user_id, cls.south)
        cls.sales_both = cls.both_north

    @classmethod
    def _create_plans(cls):
        plans = {"HQ": cls.plan}
        for label, company in cls.companies.items():
            if label != "HQ":
                plans[label] = cls._create_plan(
                    {"Own": {"rate": 7}}, active=False, company_id=company.id
                )
        plans["P"] = cls._create_plan(
            {"Own": {"rate": 9}},
            active=False,
            company_id=cls.north.id,
            is_personal=True,
        )
        rules = {label: plan.rule_ids[:1] for label, plan in plans.items()}
        tiers = {
            label: cls.env["hr.commission.tier"].create(
                {"rule_id": rule.id, "from_value": 0, "rate": 1}
            )
            for label, rule in rules.items()
            if label != "HQ"
        }
        tiers["HQ"] = cls._create_tier_of_headquarters(rules["HQ"])
        examples = {
            label: cls.env["hr.commission.example"].create(
                {"plan_id": plan.id, "event_ids": [Command.create({"amount": 10})]}
            )
            for label, plan in plans.items()
            if label != "HQ"
        }
        examples["HQ"], event = cls._create_example_of_headquarters()
        cls.records["hr.commission.example"] = examples
        cls.records["hr.commission.example.event"] = {
            label: example.event_ids for label, example in examples.items()
        } | {"HQ": event}
        cls.records["hr.commission.plan"] = plans
        cls.records["hr.commission.rule"] = rules
        cls.records["hr.commission.tier"] = tiers

    @classmethod
    def _create_tier_of_headquarters(cls, rule):
        """The plan of headquarters is in force: nothing but SQL adds a bracket."""
        cls.env.cr.execute(
            """INSERT INTO hr_commission_tier (rule_id, company_id, from_value, rate)
               VALUES (%s, %s, 0, 1) RETURNING id""",
            [rule.id, rule.company_id.id],
        )
        return cls.env["hr.commission.tier"].browse(cls.env.cr.fetchone())

    @classmethod
    def _create_example_of_headquarters(cls):
        """The plan in force gets its example by SQL as well."""
        example = cls.env["hr.commission.example"].create(
            {
                "plan_id": cls._create_plan({}, active=False).id,
                "event_ids": [Command.create({"amount": 10})],
            }
        )
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE hr_commission_example SET plan_id = %s WHERE id = %s",
            [cls.plan.id, example.id],
        )
        cls.env.invalidate_all()
        return example, example.event_ids

    @classmethod
    def _create_deals(cls):
        """A deal of each salesperson, with its own share and touchpoint."""
        shares, touchpoints, paths, funnel = {}, {}, {}, {}
        for label in ("SN", "TN", "BN", "2N", "2S", "SS", "SA", "OH"):
            employee = cls.people[label]
            lead = cls._lead_won(employee, 1000, "2026-05-04", process=False)
            shares[label] = cls.env["crm.lead.share"].create(
                {"lead_id": lead.id, "employee_id": employee.id}
            )
            touchpoints[label] = cls.env["crm.touchpoint"].create(
                {"lead_id": lead.id, "company_id": employee.company_id.id}
            )
            paths[label] = cls.env["crm.lead.path.report"].browse(lead.id)
            funnel[label] = cls.env["crm.lead.funnel"].browse(lead.id * 4)
        cls._process()
        cls.records["crm.lead.path.report"] = paths
        cls.records["crm.lead.funnel"] = funnel
        cls.records["crm.lead.share"] = shares
        cls.records["crm.touchpoint"] = touchpoints

    @classmethod
    def _create_people_records(cls):
        """A line, credit, target and statement of everybody."""
        Event = cls.env["hr.commission.event"]
        models = ("line", "credit", "target", "statement", "assignment")
        rows = {model: {} for model in models}
        customer = cls.env["res.partner"].create({"name": "Assigned"})
        for label, employee in cls.people.items():
            company = employee.company_id
            common = {"employee_id": employee.id, "company_id": company.id}
            rows["line"][label] = cls.env["hr.commission.line"].create(
                {**common, "kind": "manual", "date": "2026-05-04", "amount": 10}
            )
            rows["target"][label] = cls.env["hr.commission.target"].create(
                {**common, "date_from": "2026-05-01", "amount": 1000}
            )
            rows["statement"][label] = cls.env["hr.commission.statement"].create(
                {**common, "date_from": "2026-05-01", "date_to": "2026-05-31"}
            )
            rows["assignment"][label] = cls.env["hr.commission.assignment"].create(
                {
                    **common,
                    "partner_id": customer.id,
                    "role_id": cls.env.ref(
                        "hr_sales_commission.hr_commission_role_sales"
                    ).id,
                }
            )
            event = Event.create(
                {
                    "event_type": "deal_won",
                    "date": "2026-05-04",
                    "res_model": "hr.employee",
                    "res_id": employee.id,
                    "company_id": company.id,
                    "state": "done",
                }
            )
            rows["credit"][label] = cls.env["hr.commission.credit"].create(
                {
                    **common,
                    "event_id": event.id,
                    "role": "sales",
                    "share": 1,
                    "date": "2026-05-04",
                    "amount": 10,
                }
            )
        for model, records in rows.items():
            cls.records[f"hr.commission.{model}"] = records

    @classmethod
    def _create_company_records(cls):
        """An event, simulation and result of every company; a queue of the root."""
        rows = {"event": {}, "simulation": {}, "simulation.result": {}, "alert": {}}
        rows |= {"health": {}, "export": {}, "simulation.detail": {}}
        rows |= {"correction": {}}
        rows |= {"role": {}, "pool": {}, "pool.share": {}, "manager": {}}
        someone = {
            employee.company_id: employee
            for employee in (
                cls.marketer,
                cls.sales_north,
                cls.sales_south,
                cls.sales_south_a,
            )
        }
        rows |= {"scenario": {}, "scenario.line": {}, "scenario.result": {}}
        rows |= {"effect": {}, "effect.figure": {}}
        rows |= {"export": {}, "audit": {}, "simulation.detail": {}}
        rows |= {"export.template": {}, "export.column": {}, "import": {}}
        for label, company in cls.companies.items():
            rows["correction"][label] = cls.env["hr.commission.correction"]._log(
                company, "won_amount", "1", "2", company=company
            )
            pool = rows["pool"][label] = cls.env["hr.commission.pool"].create(
                {
                    "name": label,
                    "company_id": company.id,
                    "key": "fixed",
                    "share_ids": [Command.create({"employee_id": cls.marketer.id})],
                }
            )
            rows["pool.share"][label] = pool.share_ids
            rows["manager"][label] = cls.env["hr.commission.manager"].create(
                {
                    "employee_id": someone[company].id,
                    "manager_id": cls.officer_hq.id,
                    "date_to": "2020-01-01",
                }
            )
            rows["role"][label] = cls.env["hr.commission.role"].create(
                {"name": label, "company_id": company.id}
            )
            rows["event"][label] = cls.env["hr.commission.event"].create(
                {
                    "event_type": "deal_won",
                    "date": "2026-05-04",
                    "res_model": "res.company",
                    "res_id": company.id,
                    "company_id": company.id,
                    "state": "done",
                }
            )
            rows["audit"][label] = cls.env["hr.commission.audit"]._log(
                [{"act": "change", "company_id": company.id}]
            )
            rows["alert"][label] = cls.env["hr.commission.alert"].create(
                {"name": label, "company_id": company.id, "threshold": 50}
            )
            rows["health"][label] = cls.env["hr.commission.health"].create(
                {"company_id": company.id, "code": "error"}
            )
            rows["export"][label] = cls.env["hr.commission.export"].create(
                {"company_id": company.id, "date_until": "2026-03-31"}
            )
            rows["import"][label] = cls.env["hr.commission.import"].create(
                {
                    "model_id": cls.env["ir.model"]._get_id("crm.lead"),
                    "user_id": cls.env.uid,
                    "company_id": company.id,
                }
            )
            template = rows["export.template"][label] = cls.env[
                "hr.commission.export.template"
            ].create(
                {
                    "name": label,
                    "company_id": company.id,
                    "column_ids": [Command.create({"content": "amount"})],
                }
            )
            rows["export.column"][label] = template.column_ids
            simulation = cls.env["hr.commission.simulation"].create(
                {
                    "name": label,
                    "company_id": company.id,
                    "plan_ids": [Command.set(cls.plan.ids)],
                }
            )
            rows["simulation"][label] = simulation
            scenario = rows["scenario"][label] = cls.env[
                "hr.commission.scenario"
            ].create(
                {
                    "name": label,
                    "company_id": company.id,
                    "plan_ids": [Command.set(cls.plan.ids)],
                    "line_ids": [Command.create({})],
                    "result_ids": [
                        Command.create({"plan_id": cls.plan.id, "role": "all"})
                    ],
                }
            )
            rows["scenario.line"][label] = scenario.line_ids
            rows["scenario.result"][label] = scenario.result_ids
            effect = rows["effect"][label] = cls.env["hr.commission.effect"].create(
                {
                    "name": label,
                    "company_id": company.id,
                    "figure_ids": [Command.create({"group": "all", "figure": "cost"})],
                }
            )
            rows["effect.figure"][label] = effect.figure_ids
            for model in ("simulation.result", "simulation.detail"):
                rows[model][label] = cls.env[f"hr.commission.{model}"].create(
                    {
                        "simulation_id": simulation.id,
                        "employee_id": cls.sales_north.id,
                        "company_id": company.id,
                        "plan_id": cls.plan.id,
                    }
                )
        for model, records in rows.items():
            cls.records[f"hr.commission.{model}"] = records
        cls.records["hr.commission.waiting"] = {
            label: cls.env["hr.commission.waiting"].search(
                [("company_ref", "=", company.id)], limit=1
            )
            for label, company in cls.companies.items()
        }
        Day, Stale = cls.env["hr.commission.day"], cls.env["hr.commission.stale"]
        cls.records["hr.commission.stale"] = {"root": Stale.search([], limit=1)}
        Day._sum_up("ledger", Stale._find_days("ledger"))
        cls.records["hr.commission.day"] = {
            label: Day.search([("company_ref", "=", company.id)], limit=1)
            for label, company in cls.companies.items()
        }
        cls.records["hr.commission.inspection"] = {
            label: cls.env["hr.commission.inspection"].search(
                [("audit_id", "=", entry.id), ("finding", "=", "by_hand")]
            )
            for label, entry in rows["audit"].items()
        }
        elsewhere = cls._create_company(name="Elsewhere")
        Queue = cls.env["hr.commission.queue"]
        Queue._acquire([cls.hq.id, elsewhere.id])
        cls.records["hr.commission.queue"] = {
            "root": Queue.search([("company_id", "=", cls.hq.id)]),
            "elsewhere": Queue.search([("company_id", "=", elsewhere.id)]),
        }
        cls.records["crm.touchpoint.chain"] = {
            "root": cls.env["crm.touchpoint.chain"].search(
                [("company_id", "in", cls.branches.ids)], limit=1
            )
        }
        cls.records["hr.commission.person"] = {
            "root": cls.env["hr.commission.person"].search(
                [("user_ref", "=", cls.sales_north.user_id.id)]
            )
        }

    @classmethod
    def _create_disputes(cls):
        """A missing commission of everybody, which nobody is to decide yet."""
        disputes = {
            label: cls.env["hr.commission.dispute"].create(
                {
                    "kind": "missing_line",
                    "employee_id": cls.people[label].id,
                    "reason": "Where is it?",
                }
            )
            for label in ("SN", "TN", "SS", "SA", "OH")
        }
        for dispute in disputes.values():
            dispute.decider_id = False
        cls.records["hr.commission.dispute"] = disputes

    # ------------------------------------------------------------------
    # Expected and actual
    # ------------------------------------------------------------------

    def _expected(self, row, rights, letter):
        """Return the labels a user may do an operation on."""
        if letter not in rights[GROUP_OF_USER[row["user"]]]:
            return set()
        if rights["sees"] == "root":
            return {"root"}
        if rights["sees"] == "touches":
            return labels(row["leads"]) | OWN_TOUCHPOINTS.get(row["user"], set())
        if rights["sees"] == "setup":
            seen = labels(row["plans"]) - {"P"}
            return seen & (seen if letter == "r" else set(row["selected"].split(",")))
        seen = labels(row[rights["sees"]])
        if rights["sees"] == "plans" and letter != "r":
            # changed in the selected companies only, read also from above
            selected = set(row["selected"].split(","))
            seen &= selected | ({"P"} if "N" in selected else set())
        return seen

    def _env_of(self, row):
        selected = [self.companies[label] for label in row["selected"].split(",")]
        return self._as(getattr(self, row["user"]), *selected)

    def _each_cell(self):
        for row in parse(WHO_SEES_WHAT):
            env = self._env_of(row)
            for rights in parse(WHO_DOES_WHAT):
                model = rights["model"]
                if self.only_model not in (None, model):
                    continue
                records = {
                    label: record.with_env(env)
                    for label, record in self.records[model].items()
                }
                yield row, rights, env[model], records

    def _cell(self, row, rights):
        return self.subTest(
            user=row["user"], selected=row["selected"], model=rights["model"]
        )

    def test_operations(self):
        for row, rights, _model, records in self._each_cell():
            for letter, operation in OPERATIONS.items():
                allowed = {
                    label
                    for label, record in records.items()
                    if record.has_access(operation)
                }
                with self._cell(row, rights):
                    self.assertEqual(
                        allowed, self._expected(row, rights, letter), operation
                    )

    def test_reading_as_clients_do(self):
        for row, rights, model, records in self._each_cell():
            with self._cell(row, rights):
                if "r" in rights[GROUP_OF_USER[row["user"]]]:
                    self._check_reads(model, records, self._expected(row, rights, "r"))
                else:
                    with self.assertRaises(AccessError):
                        model.search_read([], ["id"], limit=1)

    def _check_reads(self, model, records, expected):
        label_of = {record.id: label for label, record in records.items()}
        domain = [("id", "in", list(label_of))]
        found = {label_of[each["id"]] for each in model.search_read(domain, ["id"])}
        self.assertEqual(found, expected, "search_read")
        self.assertEqual(model.search_count(domain), len(expected), "search_count")
        groups = model.formatted_read_group(domain, [], ["__count"])
        self.assertEqual(groups[0]["__count"], len(expected), "read_group")
        exported = model.search(domain).export_data([".id"])["datas"]
        self.assertEqual(
            {label_of[int(number)] for (number,) in exported}, expected, "export"
        )
        # the rights to each are in test_operations; wording a refusal takes long
        for label in sorted(records.keys() - expected)[:1]:
            with self.assertRaises(AccessError, msg=label):
                records[label].read(["display_name"])

    # ------------------------------------------------------------------
    # Nothing is left out
    # ------------------------------------------------------------------

    def test_every_model_is_in_the_table(self):
        ours = {
            data.res_id
            for data in self.env["ir.model.data"].search(
                [("module", "=", "hr_sales_commission"), ("model", "=", "ir.model")]
            )
        }
        stored = {
            model.model
            for model in self.env["ir.model"].browse(ours)
            if not model.transient and not self.env[model.model]._abstract
            if model.model.startswith(("hr.commission.", "crm.touchpoint", "crm.lead."))
        }
        self.assertEqual(stored, {rights["model"] for rights in parse(WHO_DOES_WHAT)})

    def test_everybody_else_has_no_access(self):
        portal = self._create_new_portal_user(login="commission_portal")
        public = self.env.ref("base.public_user")
        for user in (portal, public):
            for rights in parse(WHO_DOES_WHAT):
                model = self.env(user=user.id, su=False)[rights["model"]]
                for operation in OPERATIONS.values():
                    with self.subTest(user=user.login, model=model._name):
                        self.assertFalse(model.has_access(operation))
