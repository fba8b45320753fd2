# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import json
import logging
from collections import defaultdict
from collections.abc import Set

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.compute import compute
from ..engine.periods import SCORED
from ..pipeline.collecting import collecting_later
from ..pipeline.fact_loader import FactLoader
from ..pipeline.given import get_system_context
from ..pipeline.isolation import (
    isolated,
    quiet_savepoint,
    raise_conflict,
    retried,
)
from ..pipeline.participants import Person
from ..pipeline.readers import readable
from ..pipeline.sentences import EXPLANATIONS
from ..pipeline.sql_rows import fetch_dicts, sql_columns
from ..pipeline.titles import labelled
from ..pipeline.told import told
from ..pipeline.words import EVENT_TYPES

_logger = logging.getLogger(__name__)

#: events computed in one go; memory is bounded by it, statements do not depend on it
BATCH_SIZE = 5000


#: what events are computed from beside themselves, with the columns of leads
LEAD_FACTS = (
    "user_id",
    "marketer_id",
    "commission_source",
    "source_state",
    "copied_lead_id",
    "odd_reason",
)

#: states of events that are not computed
WAITING_STATES = frozenset(("pending", "error"))


class HrCommissionEvent(models.Model):
    """What happened, as it stands today: a lead qualified, a deal won …

    One row per fact, found again by (event_type, res_model, res_id, res_part). When
    the fact changes the row changes and waits (pending) to be computed again.
    Rows are written in blocks by :meth:`_capture` and read by :meth:`_process`.
    """

    _name = "hr.commission.event"
    _description = "Commission Event"
    _inherit = ["hr.commission.written"]
    _order = "date desc, id desc"
    _rec_name = "event_type"
    _log_access = False
    _check_company_auto = True

    event_type = fields.Selection(
        EVENT_TYPES, required=True, readonly=True, help="What happened."
    )
    date = fields.Date(
        required=True,
        readonly=True,
        help="Local day of the event in the time zone of its company.",
    )
    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, readonly=True
    )
    res_part = fields.Char(
        string="Part",
        required=True,
        readonly=True,
        default="",
        help="Tells apart events of one type on one document.",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        readonly=True, help="What the event is worth; commissions are computed from it."
    )
    quantity = fields.Float(readonly=True, default=1.0)
    date_reversed = fields.Date(
        readonly=True,
        help="Local day the fact was undone: the deal lost, the lead no longer "
        "qualified.",
    )
    state = fields.Selection(
        [("pending", "To compute"), ("done", "Computed"), ("error", "Error")],
        required=True,
        readonly=True,
        default="pending",
    )
    error = fields.Text(
        readonly=True, help="Why it could not be computed, and what to do."
    )
    date_basis = fields.Date(
        string="Day of the Sale",
        readonly=True,
        help="Day of what the event takes back: its plan, rate and bracket count.",
    )
    people = fields.Json(
        readonly=True,
        help="Whom the event credits, as recorded when it happened: user_id, "
        "marketer_id and shares as [role, employee, weight]; source_lead_id: without a "
        "deal, the lead that says who brought the customer, 0 for none; reopened: the "
        "roles whose credits a correction or decision has made again.",
    )
    team_id = fields.Many2one(
        "crm.team",
        readonly=True,
        index="btree_not_null",
        help="Sales team of the deal when it happened: what counts towards its targets.",
    )
    waiting_user_id = fields.Many2one(
        "res.users",
        readonly=True,
        index="btree_not_null",
        help="The salesperson who is credited once there is an employee record.",
    )
    double_id = fields.Many2one(
        "hr.commission.event",
        string="Possible Double Of",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="An event of the same customer with the same amount and nearly the same "
        "day was recorded before. What this one pays is held until somebody has looked.",
    )
    is_double_checked = fields.Boolean(
        string="Not a Double",
        readonly=True,
        help="Somebody has looked: it is a sale of its own.",
    )
    touch_count = fields.Integer(
        string="Contacts to Win",
        readonly=True,
        help="Contacts with the customer until the deal was signed.",
    )
    is_repurchase = fields.Boolean(
        string="Repurchase", readonly=True, help="The customer had bought before."
    )
    waiting_for = fields.Char(compute="_compute_waiting_for")
    credit_ids = fields.One2many("hr.commission.credit", "event_id", readonly=True)
    line_ids = fields.One2many("hr.commission.line", "event_id", readonly=True)

    # none of the indexes may know the state, see hr.commission.waiting
    _fact_unique = models.UniqueIndex("(event_type, res_model, res_id, res_part)")
    _company_date_idx = models.Index("(company_id, date)")
    # what may be one sale is looked for by its amount, around its day
    _double_idx = models.Index(
        "(amount, date) WHERE date_reversed IS NULL"
        " AND event_type IN ('deal_won', 'order_confirmed', 'invoice_posted')"
    )
    # boards read a period of events from the index alone. It must not be sorted by id:
    # events were looked for by id in all of it while PostgreSQL took the table for empty
    _date_idx = models.Index(
        "(date) INCLUDE (id, event_type, lead_id, date_reversed, is_repurchase)"
    )

    @api.depends("event_type", "lead_id", "date", "res_model", "res_id")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        labels = dict(self._fields["event_type"]._description_selection(self.env))
        named = self._get_named()
        subjects = named._get_names_of_documents()
        for event in self:
            label, subject = labels.get(event.event_type), subjects.get(event)
            event.display_name = (
                labelled(self.env, label, subject) if subject else label
            )

    def _get_names_of_documents(self):
        """Return the names of the documents of events; of deals, and of documents that
        are gone, the name of the lead.

        For who may name the events, whoever may read the documents.

        :return: names by event, empty where there is neither
        :rtype: dict
        """
        # sudo: only their names
        subjects = {event: event.lead_id.sudo().name or "" for event in self}
        for model, events in self.grouped("res_model").items():
            if model not in self.env or model == "crm.lead":
                continue
            # sudo: only their names
            documents = self.env[model].sudo().browse(events.mapped("res_id")).exists()
            column = documents._rec_name or "display_name"
            names = {
                document.id: document[column] or document.display_name
                for document in documents
            }
            for event in events:
                subjects[event] = names.get(event.res_id) or subjects[event]
        return subjects

    def _get_named(self):
        """Return those of these events whose deal the reader may know.

        Officers read events; everybody else knows of those they are credited for.
        """
        named = readable(self)
        if named != self and (missing := (self - named).ids):
            credits = self.env["hr.commission.credit"].sudo(False)
            credited = credits.search([("event_id", "in", missing)])
            # sudo: events are technical
            named |= self & credited.sudo().event_id.with_env(self.env)
        return named

    @api.depends("waiting_user_id")
    def _compute_waiting_for(self):
        for event in self:
            user = event.sudo().waiting_user_id  # sudo: colleagues of other branches
            event.waiting_for = bool(user) and self.env._(
                "An employee record of the user %(name)s, who is to be credited.",
                name=user.name,
            )

    # ------------------------------------------------------------------
    # What is computed again
    # ------------------------------------------------------------------

    @api.model
    def _set_pending(self, domain):
        """Have the events of a domain computed again.

        They are found first, as a list: as a condition of the update they were looked
        for among all events, one by one, while the statistics were old.
        """
        domain = Domain(domain) & Domain("state", "!=", "pending")
        if domain.is_false():
            return
        query = self.with_context(active_test=False)._search(domain)
        self.env.cr.execute(
            SQL(
                "UPDATE hr_commission_event SET state = 'pending', error = NULL"
                " WHERE id = ANY(ARRAY(%s))",
                query.select(),
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(flush=False)
            self._trigger_processing()

    @api.model
    def _set_credited_pending(self, domain):
        """Have the events computed again that credit somebody.

        Asked of the credits alone: as one alternative of a condition on events it was
        asked event by event, for minutes, while statistics were old.

        :param domain: on ``hr.commission.credit``, whose days are those of its events
        """
        domain = Domain(domain)
        if not domain.is_false():
            Credit = self.env["hr.commission.credit"].with_context(active_test=False)
            credited = Credit._search(domain).subselect("event_id")
            self._set_pending([("id", "in", credited)])

    def _recompute_periods(self):
        """Have the other events computed again whose pay may depend on these."""
        if self:
            beside = self._get_loader().find_events_beside(self)
            self._set_pending([("id", "in", list(beside))])

    @api.model
    def _touch_customers(self, customers, date_from):
        """Have events of customers computed again from a day on.

        Roles that nobody filled are filled; who was credited stays. Addons add what
        they know of the customers' documents.

        :param customers: res.partner, commercial ones
        :param date date_from: first day of the events
        """
        self._set_pending(
            [
                ("lead_id.partner_id.commercial_partner_id", "in", customers.ids),
                ("date", ">=", date_from),
            ]
        )

    @api.model
    def _touch_later_sales(self, customers, days):
        """Have what customers bought later computed again, where rules look at that.

        Else only the figure is kept right that tells repurchases; before what was sold
        today nothing was bought later.

        :param customers: res.partner, of what was sold, dated anew or taken back
        :param days: when that was
        """
        if days and self.env["hr.commission.plan"]._counts_from_first_sale():
            self._touch_customers(customers.commercial_partner_id, min(days))
        elif days and min(days) < self.env.company._commission_local_date():
            self._update_repurchases(customers.commercial_partner_id, min(days))

    @api.model
    def _trigger_processing(self):
        """Wake the cron up after this transaction, once."""
        done = self.env.cr.precommit.data.setdefault("hr_commission_triggered", set())
        if not done:
            done.add(True)
            self.env.ref("hr_sales_commission.ir_cron_commission_process")._trigger()

    # ------------------------------------------------------------------
    # Processing
    # ------------------------------------------------------------------

    def _process(self):
        """Turn pending events into credits and lines; the only bridge to the engine.

        On records: these; on an empty recordset: all pending ones. Does not commit.
        A second call changes nothing.

        :return: number of events computed
        """
        events = self.sudo()  # sudo: the ledger is written by the system only
        context = get_system_context(self.env.context)
        events = events.with_context(context)  # pylint: disable=context-overridden
        processed = 0
        for root_id, company_ids in events._get_waiting_companies():
            # sudo: the system's own lock
            if not self.env["hr.commission.queue"].sudo()._acquire([root_id]):
                continue
            while claimed := events._claim(company_ids):
                count = events._compute_in_turn(claimed)
                processed += count
                if count == BATCH_SIZE:  # memory is bounded by one batch
                    self.env.invalidate_all()
        return processed

    @retried
    def _cron_process(self):
        """Compute what waits, batch by batch, each in its own transaction."""
        self.env["crm.lead"]._recover_commission_capture()
        events = self.sudo()  # sudo: the ledger is written by the system only
        cron = self.env["ir.cron"]
        events._set_pending([("state", "=", "error")])
        for root_id, company_ids in events._get_waiting_companies():
            while True:
                remaining = events.search_count(
                    [("state", "=", "pending")], limit=BATCH_SIZE + 1
                )
                if not cron._commit_progress(remaining=remaining):
                    return
                # sudo: the system's own lock
                if not self.env["hr.commission.queue"].sudo()._acquire([root_id]):
                    break
                claimed = events._claim(company_ids)
                if not claimed:
                    break
                cron._commit_progress(events._compute_in_turn(claimed))
        self.env["hr.commission.line"]._send_notices()
        self.env["hr.commission.statement"]._send_notices()

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Look for what waits, or is in error, among what waits alone."""
        domain = Domain(domain).map_conditions(self._narrow_to_waiting)
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _narrow_to_waiting(self, condition):
        """Return the same condition, without going through all that is computed."""
        states = condition.value
        if condition.field_expr != "state" or condition.operator not in ("=", "in"):
            return condition
        states = [states] if isinstance(states, str) else states
        is_plain = isinstance(states, Set | list | tuple) and states
        if not (is_plain and WAITING_STATES.issuperset(states)):
            return condition
        waiting = SQL(
            "SELECT id FROM hr_commission_waiting WHERE state = ANY(%s)", list(states)
        )
        return condition & Domain("id", "in", waiting)

    def _get_waiting_companies(self):
        """Return the company trees with pending events.

        The index of what waits is asked for one company after the other, so that a run
        with nothing to do is one look at it, however many companies there are.

        :return: list of (root company id, ids of its companies with pending events)
        """
        self.flush_model(["state", "company_id"])
        waiting = SQL(
            """SELECT 0 AS company_id
            UNION ALL
               SELECT (SELECT company_ref FROM hr_commission_waiting
                        WHERE state = 'pending' AND company_ref > waiting.company_id
                        ORDER BY company_ref LIMIT 1)
                 FROM waiting WHERE waiting.company_id IS NOT NULL"""
        )
        if self:
            waiting = SQL(
                """SELECT DISTINCT company_ref AS company_id FROM hr_commission_waiting
                    WHERE state = 'pending' AND id = ANY(%s)""",
                self.ids,
            )
        return self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE waiting AS (%s)
                SELECT split_part(c.parent_path, '/', 1)::int AS root, array_agg(c.id)
                  FROM waiting JOIN res_company c ON c.id = waiting.company_id
                 GROUP BY root ORDER BY root
                """,
                waiting,
            )
        )

    def _claim(self, company_ids):
        """Lock up to a batch of pending events of these companies.

        They are locked by id, one after the other, until there are enough. Whose people
        were corrected come first, settled targets last: what others share by own result
        goes by the credits of all of these.

        :return: ids, by the turn in which they are computed
        :rtype: dict[int, list[int]]
        """
        self.flush_model(["state", "company_id", "date"])
        self.env.cr.execute(
            SQL(
                """SELECT claimed.id, claimed.turn FROM (
                          SELECT id FROM hr_commission_waiting
                           WHERE state = 'pending' AND company_ref = ANY(%s) %s
                           ORDER BY date, id OFFSET 0) waiting
               CROSS JOIN LATERAL (
                          SELECT event.id,
                                 CASE WHEN event.event_type = %s THEN 2
                                      WHEN event.people ? 'reopened' THEN 0
                                      ELSE 1 END AS turn
                            FROM hr_commission_event event
                           WHERE event.id = waiting.id AND event.state = 'pending'
                             FOR UPDATE SKIP LOCKED) claimed
                    LIMIT %s""",
                list(company_ids),
                SQL("AND id = ANY(%s)", self.ids) if self else SQL(),
                SCORED,
                BATCH_SIZE,
            ),
            log_exceptions=False,  # a conflict: the job tries again
        )
        turns = defaultdict(list)
        for event_id, turn in self.env.cr.fetchall():
            turns[turn].append(event_id)
        return dict(turns)

    def _compute_in_turn(self, claimed):
        """Compute events that were claimed, turn by turn.

        :param dict claimed: from :meth:`_claim`
        :return: how many they are
        :rtype: int
        """
        for turn in sorted(claimed):
            self.browse(claimed[turn])._compute_safely()
        return sum(map(len, claimed.values()))

    def _compute_safely(self):
        """Compute these events; one that fails does not stop the others."""
        try:
            with quiet_savepoint(self.env), collecting_later():
                self._compute_and_post()
        except Exception as error:
            raise_conflict(error)
            self.env.invalidate_all(flush=False)
            if len(self) == 1:
                self._set_error(error)
                return
            half = len(self) // 2
            self[:half]._compute_safely()
            self[half:]._compute_safely()

    def _set_error(self, error):
        _logger.warning("Commission event %s: %s", self.id, error, exc_info=error)
        reason = str(error) or type(error).__name__
        if not isinstance(error, UserError):
            reason = f"{type(error).__name__}: {reason}"
        self.env.cr.execute(
            SQL(
                "UPDATE hr_commission_event SET state = 'error', error = %s"
                " WHERE id = %s",
                reason,
                self.id,
            )
        )
        self.invalidate_model(flush=False)
        self._on_written(self.browse())

    def _compute_and_post(self):
        """Events → credits → awards → lines, for a set of events of one tree."""
        self._seal_new_sources()
        self._begin_batch()
        batch = self._get_loader().load(self)
        outcome = compute(
            batch.credits, batch.plans, targets=batch.targets, scope=batch.scope
        )
        self.env["hr.commission.line"]._post_difference(outcome.awards, batch)
        lead_ids = {event["lead_id"] for event in batch.events.values()} - {None}
        self._set_done(batch.waiting, self._find_changed_figures(lead_ids))
        known = {row.event["id"] for row in batch.rows.values() if row.stored}
        self._note_written([number for number in self.ids if number not in known], True)
        self._note_written([number for number in self.ids if number in known], False)
        self._tell_written()
        repeated = {
            row.event["id"] for row in batch.rows.values() if row.event["has_double"]
        }.intersection(self.ids)
        if repeated:  # what looked like the same sale may be one of its own now
            self._set_pending([("double_id", "in", list(repeated))])

    def _set_done(self, waiting, figures):
        """Say that these events are computed, each row written once.

        No is kept as nothing, as when the event was made: an index has it.

        :param dict waiting: user that each event waits for, by its id
        :param dict figures: changed (touch_count, is_repurchase), by id of the event
        """
        self.env.cr.execute(
            SQL(
                """UPDATE hr_commission_event
                      SET state = 'done', error = NULL, people = people - 'reopened',
                          waiting_user_id = (%(waiting)s::jsonb ->> id::text)::int,
                          touch_count = COALESCE(
                              (%(figures)s::jsonb -> id::text ->> 0)::int,
                              touch_count),
                          is_repurchase = CASE
                              WHEN %(figures)s::jsonb ? id::text THEN NULLIF(
                                  (%(figures)s::jsonb -> id::text ->> 1)::bool, FALSE)
                              ELSE is_repurchase END
                    WHERE id = ANY(%(events)s)""",
                waiting=json.dumps(waiting),
                figures=json.dumps(figures),
                events=self.ids,
            )
        )
        self.invalidate_model(flush=False)
        if figures:
            Lead = self.env["crm.lead"]
            Lead.invalidate_model(["touch_count", "is_repurchase"], flush=False)

    # ------------------------------------------------------------------
    # Whom an event credits
    # ------------------------------------------------------------------

    @api.model
    def _reopen(self, domain, roles):
        """Have the credits of some roles of events made again, by marketer and shares
        of their leads as these are now.

        For decisions only: nothing else moves a credit.

        :param roles: codes of roles
        """
        query = self.with_context(active_test=False)._search(Domain(domain))
        self.env["crm.lead"].flush_model(["marketer_id"])
        self.env["crm.lead.share"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE hr_commission_event event
                   SET state = 'pending', error = NULL,
                       people = jsonb_strip_nulls(jsonb_build_object(
                           'user_id', event.people -> 'user_id',
                           'marketer_id', lead.marketer_id,
                           'shares', (
                               SELECT jsonb_agg(shares.share) FROM (
                                   SELECT jsonb_build_array(
                                              share.role, share.employee_id,
                                              share.percent) AS share
                                     FROM crm_lead_share share
                                    WHERE share.lead_id = lead.id
                                      AND share.role = ANY(%(roles)s)
                                UNION ALL
                                   SELECT kept.value
                                     FROM jsonb_array_elements(
                                              event.people -> 'shares') kept
                                    WHERE NOT kept.value ->> 0 = ANY(%(roles)s)
                               ) shares),
                           'reopened', %(reopened)s::jsonb
                               || COALESCE(event.people -> 'reopened', '[]')))
                  FROM crm_lead lead
                 WHERE lead.id = event.lead_id AND event.id = ANY(ARRAY(%(events)s))
                """,
                roles=list(roles),
                reopened=json.dumps(list(roles)),
                events=query.select(),
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(flush=False)
            self._trigger_processing()

    def _reopen_roles(self, roles):
        """Have the credits of some roles of these events made again.

        :param roles: codes of roles
        """
        self.env.cr.execute(
            SQL(
                """UPDATE hr_commission_event
                      SET state = 'pending', error = NULL,
                          people = COALESCE(people, '{}') || jsonb_build_object(
                              'reopened',
                              COALESCE(people -> 'reopened', '[]') || %s::jsonb)
                    WHERE id = ANY(%s)""",
                json.dumps(list(roles)),
                self.ids,
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(flush=False)
            self._trigger_processing()

    @api.model
    def _get_domain_of(self, record):
        """Return the domain of the events of a lead or a document.

        :rtype: Domain
        """
        if record._name == "crm.lead":
            return Domain("lead_id", "=", record.id)
        return Domain("res_model", "=", record._name) & Domain("res_id", "=", record.id)

    @api.model
    def _get_subjects(self, row):
        """Return the lead and the documents whose corrections concern an event.

        :param dict row: from :meth:`_read_facts`
        :return: list of (model, id)
        """
        subjects = [(row["res_model"], row["res_id"])]
        if row["lead_id"]:
            subjects.append(("crm.lead", row["lead_id"]))
        return list(dict.fromkeys(subjects))

    @api.model
    def _seal_waiting(self):
        """Compute what was recorded and never computed, before records of people change.

        Whom such events credit was true when they happened. A failure of ours never
        stops whoever changes the records.
        """
        events = self.sudo()  # sudo: the ledger is written by the system only
        waiting = events.search(
            [("state", "=", "pending"), ("credit_ids", "=", False)], limit=BATCH_SIZE
        )
        if not waiting:
            return
        with isolated(self.env, _logger, "Computing", waiting, quiet_savepoint):
            waiting._process()

    @api.model
    def _read_facts(self, event_ids):
        """Read events with the people and the source of their leads.

        Addons with events of their own add whom to credit when there is no lead.
        Two plain look-ups by ids: a join was planned badly, and took minutes, while the
        statistics of the tables were older than an import.

        :return: one dictionary an event: id, event_type, res_model, res_id, res_part,
            date, amount (text), quantity, date_reversed, date_basis (day of what it
            takes back), company_id, lead_id, people, double_id (what it may repeat),
            has_double (whether another may repeat it), is_double_checked,
            copied_lead_id, user_id (salesperson), marketer_id, commission_source,
            source_state, team_id (of the day), odd_reason (why the
            lead is held until somebody has looked)
        """
        rows = fetch_dicts(
            self.env,
            SQL(
                """SELECT id, event_type, res_model, res_id, res_part, date,
                          amount::text, quantity::text, date_reversed, date_basis,
                          company_id, lead_id, people, double_id, is_double_checked,
                          team_id, EXISTS (
                              SELECT FROM hr_commission_event other
                               WHERE other.double_id = hr_commission_event.id
                          ) AS has_double
                     FROM hr_commission_event WHERE id = ANY(%s) ORDER BY id""",
                list(event_ids),
            ),
        )
        facts_of_lead = {
            lead_id: dict(zip(LEAD_FACTS, values, strict=True))
            for lead_id, *values in self.env.execute_query(
                SQL(
                    "SELECT id, %s FROM crm_lead WHERE id = ANY(%s)",
                    sql_columns(LEAD_FACTS),
                    list({row["lead_id"] for row in rows} - {None}),
                )
            )
        }
        without_lead = dict.fromkeys(LEAD_FACTS)
        for row in rows:
            row.update(facts_of_lead.get(row["lead_id"], without_lead))
        self.env["hr.commission.target"]._complete_facts(rows)
        return rows

    @api.model
    def _name_participants(self, rows):
        """Say who takes part in events; addons add the people of their documents.

        Called once for all events of a batch, with rows of :meth:`_read_facts`. Set in
        a row, each a list of :class:`~..pipeline.participants.Person`:

        - ``named``: by the code of a role, who is named on the document
        - ``filled``: by the way a role is filled, see
          ``hr.commission.role._select_filled_by``
        """
        for row in rows:
            if row.get("target_employee_id"):
                person = Person(employee_id=row["target_employee_id"])
                row["filled"] = {"target": [person]}
        shared = [row for row in rows if row.get("shared_target")]
        sharers = shared and self.env["hr.commission.target"]._get_sharers(shared)
        for row in shared:
            row["filled"] = {
                "target": [
                    Person(employee_id=employee_id, weight=weight)
                    for employee_id, weight in sorted(
                        sharers.get(row["id"], {}).items()
                    )
                ]
            }

    @api.model
    def _get_loader(self, **strategies):
        """Return what loads events for the engine; everybody who loads asks here.

        :param strategies: what is not as it happened, see :class:`FactLoader`
        :rtype: FactLoader
        """
        return FactLoader(self.env, **strategies)

    @api.model
    def _find_team_earners(self, team_ids, roles, date_from, date_to):
        """Return who had a role in what teams sold in some days; addons add documents.

        :return: pairs of employee id and team id
        """
        return self.env.execute_query(
            SQL(
                """SELECT DISTINCT credit.employee_id, event.team_id
                     FROM hr_commission_event event
                     JOIN hr_commission_credit credit ON credit.event_id = event.id
                    WHERE event.team_id = ANY(%(teams)s)
                      AND credit.role = ANY(%(roles)s)
                      AND COALESCE(credit.date_basis, credit.date)
                          BETWEEN %(first)s AND %(last)s
                    UNION
                   SELECT credit.employee_id, target.team_id  -- by settled targets
                     FROM hr_commission_target target
                     JOIN hr_commission_event event
                       ON event.res_model = 'hr.commission.target'
                      AND event.res_id = target.id
                     JOIN hr_commission_credit credit ON credit.event_id = event.id
                    WHERE target.team_id = ANY(%(teams)s)
                      AND target.date_to BETWEEN %(first)s AND %(last)s""",
                teams=team_ids,
                roles=roles,
                first=date_from,
                last=date_to,
            )
        )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_retry(self):
        """Compute these events again now.

        :return: True, or a notification with the reason of the first in error still
        """
        self.check_access("read")
        events = self.sudo()  # sudo: only the pipeline writes events
        events._set_pending([("id", "in", events.ids)])
        events._process()
        failed = events.filtered(lambda event: event.state == "error")
        if failed:
            return told(
                "warning",
                failed[0].error,
                title=self.env._("Still in error"),
                sticky=True,
            )
        return True

    # ------------------------------------------------------------------
    # Explanation
    # ------------------------------------------------------------------

    def _explain(self):
        """Say for every rule of the plan what it paid on these events, or why not.

        :return: the engine's outcome with awards and refusals
        """
        batch = self._get_loader().load(self, store=False)
        outcome = compute(
            batch.credits,
            batch.plans,
            targets=batch.targets,
            scope=batch.scope,
            explain=True,
        )
        for refusal in outcome.refusals:
            self._name_event_types(refusal)
        return outcome

    @api.model
    def _name_event_types(self, refusal):
        """Put names for the event types of a refusal that the engine has no word for.

        :param facts.Refusal refusal: why a rule paid nothing
        """
        for name in ("event_type", "expected_event_type"):
            event_type = refusal.values.get(name)
            if event_type and f"event_type_{event_type}" not in EXPLANATIONS:
                refusal.values[name] = self._describe_event_type(event_type)

    @api.model
    def _describe_event_type(self, engine_type):
        """Name an event type as the engine knows it; its own words stay codes.

        :param str engine_type: of an engine rule or credit
        """
        event_type, _mark, rest = engine_type.partition("|")
        if event_type == SCORED:
            return self.env["hr.commission.target"]._describe_score(*rest.split("|"))
        labels = dict(self._fields["event_type"]._description_selection(self.env))
        if not rest or event_type not in labels:
            return engine_type
        return self.env._("%(event)s, a part of it", event=labels[event_type])
