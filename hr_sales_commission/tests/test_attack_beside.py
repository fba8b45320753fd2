# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Around the buttons: what hangs on other records, selected companies, machinery."""

from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from .cast import COMMISSION, LEADERS
from .test_attack_approval import AttackCommon
from .test_attack_paths import Pictured

#: what money follows from, or is
LEDGER = (
    ("hr.commission.line", "hr.commission.credit", "hr.commission.event")
    + ("hr.commission.statement", "hr.commission.dispute", "hr.commission.correction")
    + ("hr.commission.rule", "hr.commission.tier", "hr.commission.target")
    + ("crm.touchpoint", "crm.lead.share", "hr.commission.assignment")
)
QUIET = (
    "odoo.addons.base.models.ir_module",
    "odoo.sql_db",
    "odoo.models",
    "odoo.addons.base.models.ir_rule",
)


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-06-20 12:00:00")
class TestAttackBeside(Pictured, AttackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer_south = cls._create_person(
            "officer_beside",
            cls.south,
            groups=f"{LEADERS},{COMMISSION}officer",
            boss=cls.manager_south,
        )
        cls.statement = cls._statement(cls, cls.sales_north)
        customer = cls.env["res.partner"].create({"name": "C", "is_company": True})
        cls.deal.partner_id = customer
        cls.env["hr.commission.assignment"].create(
            {
                "partner_id": customer.id,
                "employee_id": cls.sales_north.id,
                "company_id": cls.north.id,
                "role_id": cls.env.ref(
                    "hr_sales_commission.hr_commission_role_sales"
                ).id,
            }
        )
        cls.env["hr.commission.target"].create(
            {
                "employee_id": cls.sales_north.id,
                "company_id": cls.north.id,
                "date_from": "2026-05-01",
                "amount": 100,
            }
        )
        cls.env["hr.commission.dispute"].create(
            {
                "kind": "line",
                "line_id": cls.sale.id,
                "claimed_amount": 9000,
                "reason": "More",
                "user_id": cls.sales_north.user_id.id,
            }
        )
        cls._process()
        cls.env.flush_all()

    def _picture(self):
        """Return what the ledger is, and how much of everything there is."""
        picture = super()._picture()
        for name in LEDGER:
            self.env.cr.execute(
                SQL("SELECT count(*) FROM %s", SQL.identifier(self.env[name]._table))
            )
            picture[name] = self.env.cr.fetchone()
        for table, columns in (
            ("hr_commission_statement", "state, earned, paid, employee_id"),
            ("hr_commission_dispute", "state, decision, awarded_amount, line_id"),
            ("hr_commission_rule", "rate, amount, plan_id"),
            ("hr_commission_target", "amount, employee_id"),
            ("hr_commission_assignment", "percent, employee_id, partner_id, date_to"),
            ("crm_lead_share", "percent, employee_id, lead_id"),
        ):
            self.env.cr.execute(f"SELECT id, {columns} FROM {table}")
            picture.update({(table, row[0]): row[1:] for row in self.env.cr.fetchall()})
        return picture

    def _parents(self):
        """Yield each record beside the ledger, its field and what hangs on it there."""
        for name in sorted(self.env.registry):
            model = self.env[name].sudo()
            if model._abstract or model._transient or not model._auto:
                continue
            for field in model._fields.values():
                is_list = field.type in ("one2many", "many2many") and field.store
                if not is_list or field.comodel_name not in LEDGER:
                    continue
                parent = model.with_context(active_test=False).search(
                    [(field.name, "!=", False)], limit=1
                )
                if parent and parent[field.name]:
                    yield parent.with_env(self.env), field.name, parent[field.name][:1]

    @mute_logger(*QUIET)
    def test_what_hangs_on_other_records(self):
        """Every list of parts of the ledger on any record × ways to lose or bend one."""
        parents = list(self._parents())
        self.assertGreater(len(parents), 12)
        for parent, name, child in parents:
            column = next(
                (
                    c
                    for c in ("amount", "rate", "percent", "note")
                    if c in child._fields
                ),
                "display_name",
            )
            vals = {column: 90_000 if column != "note" else "x"}
            for what, command in {
                "changed": Command.update(child.id, vals),
                "deleted": Command.delete(child.id),
                "unlinked": Command.unlink(child.id),
                "cleared": Command.clear(),
                "replaced": Command.set([]),
                "copied": Command.create(vals),
            }.items():
                for person in (self.sales_north, self.officer_south, self.marketer):
                    mine = self._by(person, parent)
                    label = f"{parent._name}.{name} {what} by {person.name}"
                    self._try(
                        label, lambda m=mine, n=name, c=command: m.write({n: [c]})
                    )

    @mute_logger(*QUIET)
    def test_approved_beside_the_button(self):
        """By values, sets, files, messages, activities, automation or one's clock."""
        line, both = self.own, self.own + self.sale
        state = {"state": "approved"}
        for person in (self.officer_north, self.team_manager, self.sales_north):
            mine, many = self._by(person, line), self._by(person, both)
            env = mine.env
            activity = (
                line.activity_schedule(
                    "mail.mail_activity_data_todo", user_id=person.user_id.id
                )
                if "activity_ids" in line._fields
                else None
            )
            attempts = {
                "written": lambda m=mine: m.write(state),
                "of many": lambda m=many: m.write(state),
                "saved": lambda m=mine: m.web_save(state, {}),
                "edited as a set": lambda m=many: m.web_save_multi(
                    [{**state}, {**state}], {}
                ),
                "loaded": lambda m=mine: m.load(
                    [".id", "state"], [[str(line.id), "approved"]]
                ),
                "from the statement": lambda e=env: (
                    e["hr.commission.statement"]
                    .browse(self.statement.id)
                    .write({"line_ids": [Command.update(self.sale.id, state)]})
                ),
                "moved to a statement": lambda m=mine: m.write(
                    {"statement_id": self.statement.id}
                ),
                "approver named": lambda m=mine: m.write(
                    {"first_approver_id": self.administrator.user_id.id}
                ),
                "maker named": lambda m=mine: m.write(
                    {"maker_id": self.administrator.user_id.id}
                ),
                "said": lambda m=mine: (
                    m.env["crm.lead"]
                    .browse(self.own_deal.id)
                    .message_post(body="Approved", subtype_xmlid="mail.mt_comment")
                ),
                "a server action": lambda e=env: e["ir.actions.server"].create(
                    {
                        "name": "x",
                        "model_id": e["ir.model"]._get_id(line._name),
                        "state": "object_write",
                        "update_path": "state",
                        "value": "approved",
                    }
                ),
                "for everybody": lambda e=env: e["ir.default"].set(
                    line._name, "state", "approved"
                ),
                "by a parameter": lambda e=env: e["ir.config_parameter"].set_param(
                    "hr_sales_commission.x", "1"
                ),
                "another clock": lambda p=person, m=mine: (
                    p.user_id.with_user(p.user_id).write({"tz": "Pacific/Kiritimati"}),
                    m.write({"date": "2026-07-01"}),
                ),
                "fewer decimals": lambda e=env: (
                    e["decimal.precision"].search([], limit=1).write({"digits": 0})
                ),
                "another currency": lambda e=env: (
                    e["res.company"]
                    .browse(self.north.id)
                    .write({"currency_id": self.env.ref("base.EUR").id})
                ),
                "a rate": lambda e=env: e["res.currency.rate"].create(
                    {
                        "currency_id": self.env.ref("base.USD").id,
                        "rate": 100,
                        "name": "2026-05-01",
                    }
                ),
                "no addon": lambda e=env: (
                    e["ir.module.module"]
                    .search([("name", "=", "hr_sales_commission")])
                    .button_immediate_uninstall()
                ),
                "gone": lambda p=person: self._by(p, p).write({"active": False}),
                "another boss": lambda p=person: self._by(p, p).write(
                    {"parent_id": False}
                ),
                "another branch": lambda p=person: self._by(p, p).write(
                    {"company_id": self.hq.id}
                ),
            }
            if activity:
                attempts["by activity"] = lambda a=activity, p=person: self._by(
                    p, a
                ).action_feedback(feedback="Approved")
            for label, attack in attempts.items():
                self._try(f"{label} by {person.name}", attack)

    @mute_logger(*QUIET)
    def test_companies_that_are_not_ones_own(self):
        """Whoever selects a company by hand works in no other than before."""
        ids = self.branches.ids
        for person in (self.officer_south, self.sales_south, self.manager_south):
            for what, context in {
                "all": {"allowed_company_ids": ids},
                "that one": {"allowed_company_ids": self.north.ids},
                "none": {"allowed_company_ids": []},
                "forced": {"force_company": self.north.id},
                "by default": {"default_company_id": self.north.id},
                "inactive, too": {"active_test": False, "allowed_company_ids": ids},
                "as the system": {"uid": 1, "su": True, "install_mode": True},
            }.items():
                line = self._by(person, self.sale).with_context(**context)
                statement = self._by(person, self.statement).with_context(**context)
                lead = self._by(person, self.deal).with_context(**context)
                for act, attack in {
                    "approves": lambda r=line: r.action_approve(),
                    "pays": lambda r=line: r.action_mark_paid(),
                    "makes a line": lambda r=line: r.create(
                        {
                            "employee_id": self.sales_south.id,
                            "company_id": self.north.id,
                            "amount": 500,
                            "note": "x",
                        }
                    ),
                    "confirms": lambda r=statement: r.action_confirm(),
                    "closes": lambda r=line: (
                        r.env["hr.commission.closing"]
                        .create({"company_id": self.north.id})
                        .action_close()
                    ),
                    "corrects": lambda r=lead: r.write({"won_amount": 1}),
                    "loses": lambda r=lead: r.action_set_lost(),
                }.items():
                    self._try(f"{act}, {what}, by {person.name}", attack)
