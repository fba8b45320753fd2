# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from math import inf

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..pipeline.officers import BRANCH_MANAGER
from ..pipeline.titles import listed

#: who may approve and decide
FUNCTION = "hr_commission_person_log"
#: a mailbox that more users share than this names nobody
MOST_LOGINS_OF_A_PERSON = 2

#: who is one step away from users and employees: kind and id
NEXT_TO_PERSON = """
    WITH login AS (
        SELECT users.id, users.partner_id, lower(users.login) AS login,
               partner.email_normalized AS email,
               -- an address that people enter makes nobody of a colleague
               NOT EXISTS (SELECT FROM hr_commission_person known
                            WHERE known.user_ref = users.id) AS is_nobody
          FROM res_users users
          JOIN res_partner partner ON partner.id = users.partner_id
         WHERE users.id = ANY(%(users)s)
    ), own AS (
        SELECT employee.id, employee.user_id, employee.work_contact_id,
               NULLIF(lower(employee.private_email), '') AS private_email,
               CASE WHEN employee.user_id IS NULL
                    THEN lower(employee.work_email) END AS work_email
          FROM hr_employee employee WHERE id = ANY(%(employees)s)
    ), paper AS (
        SELECT NULLIF(version.ssnid, '') AS ssnid,
               NULLIF(version.identification_id, '') AS identification_id,
               NULLIF(version.passport_id, '') AS passport_id
          FROM hr_version version
         WHERE version.employee_id = ANY(%(employees)s)
    )
    SELECT 'employee', employee_ref FROM hr_commission_person
     WHERE user_ref = ANY(%(users)s)
     UNION
    SELECT 'user', user_ref FROM hr_commission_person
     WHERE employee_ref = ANY(%(employees)s)
     UNION
    SELECT 'employee', id FROM hr_employee
     WHERE user_id = ANY(%(users)s)
     UNION
    SELECT 'user', user_id FROM own WHERE user_id IS NOT NULL
     UNION
    SELECT 'employee', employee.id
      FROM hr_employee employee
      JOIN login ON login.partner_id = employee.work_contact_id
              OR login.login = lower(employee.work_email)
                 AND employee.user_id IS NULL
              OR login.login = lower(employee.private_email)
                 AND login.is_nobody
     UNION
    SELECT 'user', users.id FROM res_users users
      JOIN own ON users.partner_id = own.work_contact_id
              OR lower(users.login) IN (own.work_email, own.private_email)
                 AND NOT EXISTS (SELECT FROM hr_commission_person known
                                  WHERE known.user_ref = users.id)
     UNION
    SELECT 'user', users.id FROM res_users users
      JOIN login ON users.partner_id = login.partner_id
     UNION
    SELECT 'user', unnest(mailbox.ids) FROM (
        SELECT array_agg(users.id) AS ids FROM res_users users
          JOIN res_partner partner ON partner.id = users.partner_id
         WHERE partner.email_normalized IN (SELECT email FROM login)
         GROUP BY partner.email_normalized
        HAVING count(*) <= %(most)s) mailbox
     UNION
    SELECT 'employee', version.employee_id FROM hr_version version
      JOIN paper ON version.ssnid = paper.ssnid
              OR version.identification_id = paper.identification_id
              OR version.passport_id = paper.passport_id
     WHERE version.employee_id IS NOT NULL
     UNION
    SELECT 'employee', employee.id FROM hr_employee employee
      JOIN own ON lower(employee.private_email) = own.private_email
"""
#: employees with everybody above them, today's managers and those since a day
ABOVE_PEOPLE = """
    WITH RECURSIVE managed AS (
        SELECT id AS employee_id, parent_id AS manager_id
          FROM hr_employee WHERE parent_id IS NOT NULL
         UNION ALL
        SELECT employee_id, manager_id
          FROM hr_commission_manager WHERE date_to >= %(since)s
    ), above AS (
        SELECT unnest(%(employees)s::int[]) AS id
         UNION
        SELECT managed.manager_id
          FROM above JOIN managed ON managed.employee_id = above.id
    )
    SELECT id FROM above
"""


class HrCommissionPerson(models.Model):
    """Which users and employee records ever were one person: a log that only grows.

    Whoever decides about money is asked as a person, not as a login: unlinking the user
    of an employee, a second login or a second employee record change nothing. Users and
    employees stand here by number, so that deleting one does not take its past along.
    """

    _name = "hr.commission.person"
    _description = "Person Behind Users and Employees"
    _order = "date desc, id desc"
    _rec_name = "login"
    _log_access = False

    user_ref = fields.Integer(string="User Number", required=True, readonly=True)
    employee_ref = fields.Integer(
        string="Employee Number", required=True, readonly=True
    )
    login = fields.Char(readonly=True, help="As it was on that day.")
    employee_name = fields.Char(
        string="Employee", readonly=True, help="As it was on that day."
    )
    date = fields.Datetime(readonly=True, help="Since then both are one person.")

    _pair_unique = models.UniqueIndex("(employee_ref, user_ref)")
    _user_idx = models.Index("(user_ref)")

    def init(self):
        """Log every link by a trigger: whatever path makes it, nobody can leave it out."""
        result = super().init()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO hr_commission_person
                       (user_ref, employee_ref, login, employee_name, date)
                SELECT users.id, employee.id, users.login, employee.name,
                       now() AT TIME ZONE 'UTC'
                  FROM hr_employee employee
                  JOIN res_users users ON users.id = employee.user_id
                 WHERE NOT EXISTS (SELECT FROM hr_commission_person known
                                    WHERE known.employee_ref = employee.id
                                      AND known.user_ref = users.id);

                CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger AS $$
                BEGIN
                    INSERT INTO hr_commission_person
                           (user_ref, employee_ref, login, employee_name, date)
                    SELECT users.id, NEW.id, users.login, NEW.name,
                           now() AT TIME ZONE 'UTC'
                      FROM res_users users WHERE users.id = NEW.user_id
                        ON CONFLICT DO NOTHING;
                    RETURN NULL;
                END $$ LANGUAGE plpgsql;

                DROP TRIGGER IF EXISTS %(function)s_link ON hr_employee;
                CREATE TRIGGER %(function)s_link
                AFTER INSERT OR UPDATE OF user_id ON hr_employee
                FOR EACH ROW WHEN (NEW.user_id IS NOT NULL)
                EXECUTE FUNCTION %(function)s();
                """,
                function=SQL(FUNCTION),
            )
        )
        return result

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("Who was whom is a log: it is never changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("Who was whom is a log: it is never deleted."))

    # ------------------------------------------------------------------
    # Who is who
    # ------------------------------------------------------------------

    @api.model
    def _get_person(self, users):
        """Return everything that is or ever was the same people as these users.

        :param users: res.users
        :return: (res.users, hr.employee), archived ones and other companies' included
        """
        user_ids, employee_ids = self._find_person(set(users.ids), set())
        # sudo: archived records and other companies count, whoever asks
        everything = self.sudo().with_context(active_test=False).env
        return (
            everything["res.users"].browse(sorted(user_ids)),
            everything["hr.employee"].browse(sorted(employee_ids)).exists(),
        )

    @api.model
    def _get_users(self, employees):
        """Return every user that is or ever was one of these employees.

        :param employees: hr.employee
        :rtype: res.users
        """
        user_ids, _employees = self._find_person(set(), set(employees.ids))
        # sudo: archived users count, whoever asks
        users = self.env["res.users"].sudo().with_context(active_test=False)
        return users.browse(sorted(user_ids))

    @api.model
    def _find_person(self, user_ids, employee_ids):
        """Follow who was whom until nobody new is found.

        :return: (ids of users, ids of employees), with those given
        """
        for model in ("hr.employee", "hr.version", "res.users", "res.partner"):
            self.env[model].flush_model()
        users, employees = set(user_ids), set(employee_ids)
        while True:
            found = self._find_next(users, employees)
            more_users = {ref for kind, ref in found if kind == "user"} - users
            more_employees = {ref for kind, ref in found if kind != "user"} - employees
            if not (more_users or more_employees):
                return users, employees
            users |= more_users
            employees |= more_employees

    @api.model
    def _find_next(self, users, employees):
        """Return who is one step away: by the log, contact, papers or mail address."""
        return self.env.execute_query(
            SQL(
                NEXT_TO_PERSON,
                users=list(users),
                employees=list(employees),
                most=MOST_LOGINS_OF_A_PERSON,
            )
        )

    # ------------------------------------------------------------------
    # May this person decide?
    # ------------------------------------------------------------------

    @api.model
    def _find_interested(self, user, employees, with_managers=False):
        """Return whose money is the user's own among these people.

        The one question behind every approval, verification, decision, closing, payment
        and correction. The system itself has no interest.

        :param res.users user: who wants to act
        :param employees: hr.employee whose pay follows from the act
        :param bool with_managers: managers of those people have an interest, too
        :return: the employee records of the user that forbid it; none: they may
        :rtype: hr.employee
        """
        # sudo: hr.employee - the user's own records
        nobody = self.env["hr.employee"].sudo()
        if not employees:
            return nobody
        _users, own = self._get_person(user)
        if not with_managers:
            return own & employees
        return own & self._add_managers(employees)

    @api.model
    def _get_myself(self):
        """Return who is at work, as a person: nobody for the system and for visitors.

        :return: (res.users, hr.employee)
        """
        user = self.env["res.users"].browse(self.env["crm.lead"]._get_typist_id())
        if user.id == SUPERUSER_ID or user.sudo().share:  # sudo: whoever is logged in
            return user.browse(), self.env["hr.employee"].sudo()  # sudo: nobody
        return self._get_person(user)

    @api.model
    def _is_own(self, employees):
        """Whether the current user is one of these people, by whatever login.

        The system itself is nobody.

        :param employees: hr.employee
        :rtype: bool
        """
        return not self.env.su and bool(
            self._find_interested(self.env.user, employees.sudo())  # sudo: who it is
        )

    @api.model
    def _earns_above(self, employees):
        """Whether the current user has a commission role and these people below.

        :param employees: hr.employee
        :rtype: bool
        """
        own = self._find_interested(self.env.user, employees, with_managers=True)
        return any(person.commission_role not in ("none", False) for person in own)

    @api.model
    def _sum_own_shares(self, shared):
        """Return what the current user, as a person, has of each role in sales.

        :param shared: recordsets of deals, orders or invoices
        :return: percents by (record, role); nothing for the system
        :rtype: dict[tuple, float]
        """
        if self.env.su:
            return {}
        _users, own = self._get_myself()
        percents = {}
        for records in shared:
            for record in records.sudo():  # sudo: who has what, whoever asks
                for role, holder in record._get_share_holders().items():
                    percents[record, role] = 100.0 if holder & own else 0.0
                for role, shares in record.commission_share_ids.grouped("role").items():
                    mine = shares.filtered(lambda share: share.employee_id in own)
                    percents[record, role] = sum(mine.mapped("percent"))
        return percents

    @api.model
    def _get_holders(self, shared):
        """Return everybody who has a role or a share in sales today.

        :param shared: recordsets of deals, orders or invoices
        :rtype: hr.employee
        """
        holders = self.env["hr.employee"].sudo()  # sudo: who has what, whoever asks
        for records in shared:
            for record in records.sudo():  # sudo: as above
                holders |= record.commission_share_ids.employee_id
                holders = holders.union(*record._get_share_holders().values())
        return holders

    @api.model
    def _find_uninterested(self, record, employees, excluded):
        """Return who may decide on the pay of employees: the nearest without interest.

        :param record: what it is about, of a company, which they can read
        :param res.users excluded: who asks
        :rtype: res.users
        """
        for user in self._get_approvers(record.company_id) - excluded:
            can_read = record.with_user(user).has_access("read")
            if can_read and not self._find_interested(
                user, employees, with_managers=True
            ):
                return user
        return self.env["res.users"]

    @api.model
    def _get_approvers(self, company):
        """Return who may approve and decide in a branch, the nearest first.

        Its own officers and managers, then those of the companies above it, then others.

        :rtype: res.users
        """
        users = (
            self.env["res.users"]
            .sudo()  # sudo: who has the right, and where they work
            .search(
                Domain("all_group_ids", "in", self.env.ref(BRANCH_MANAGER).ids)
                & Domain("company_ids", "in", company.ids)
                & Domain("share", "=", False),
                order="id",
            )
        )
        return users.sorted(lambda user: self._get_distance(user, company))

    @api.model
    def _get_distance(self, user, company):
        """Return how many companies above a branch a user works; elsewhere: infinite.

        :rtype: float
        """
        # sudo: the companies above, whoever may see them
        path = company.sudo().parent_path
        ids = [int(each) for each in reversed(path.split("/")[:-1])]
        home = user.sudo().company_id.id  # sudo: the company of whoever decides
        return ids.index(home) if home in ids else inf

    @api.model
    def _add_managers(self, employees):
        """Return employees with everybody above them.

        :rtype: hr.employee
        """
        level = employees.sudo()  # sudo: who manages whom
        seen = level.browse()
        while level:
            seen |= level
            level = level.parent_id - seen
        return seen

    @api.model
    def _find_superiors(self, user, since):
        """Return for whom a user works, through others too, whatever their records are.

        :param res.users user: who wants to act
        :param date since: whoever was a manager on this day or later counts as well
        :return: hr.employee, without the user's own records
        """
        _users, own = self._get_person(user)
        above, found = set(), set(own.ids)
        while found - above:
            above = found
            self.env["hr.commission.manager"].flush_model()
            rows = self.env.execute_query(
                SQL(ABOVE_PEOPLE, employees=list(above), since=since)
            )
            _refs, found = self._find_person(set(), {each for (each,) in rows})
            found |= above
        return own.browse(above) - own

    @api.model
    def _filter_by_reports(self, payables, day):
        """Return what two people approve who both work for whom it pays.

        One of the two has to be somebody who does not, where there is one: who works
        for the head of a company has nobody else to ask.

        :param payables: lines or statements, the first approval of some given
        :param str day: field with the day since when whoever was a manager counts
        """
        second = payables.filtered(
            lambda each: each.first_approver_id and each.employee_id
        )
        if not second or self.env.su:
            return second.browse()
        since = min(second.mapped(day))
        bosses = self._find_superiors(self.env.user, since)
        found = second.browse()
        for each in second.filtered(lambda each: each.employee_id in bosses):
            first = self._find_superiors(each.first_approver_id, since)
            if each.employee_id in first and self._has_approver_outside(each, since):
                found |= each
        return found

    @api.model
    def _has_approver_outside(self, payable, since):
        """Whether anybody may approve who is not, and does not work for, whom it pays."""
        payee = payable.employee_id
        return any(
            payee not in self._get_person(user)[1]
            and payee not in self._find_superiors(user, since)
            for user in self._get_approvers(payable.company_id)
        )

    @api.model
    def _check_not_interested(self, employees, with_managers=False):
        """Refuse an act of the current user on money of their own.

        :param employees: hr.employee whose pay follows from the act
        :param bool with_managers: managers of those people have an interest, too
        :raises UserError: naming whose money it is
        """
        if self.env.su:
            return
        own = self._find_interested(self.env.user, employees, with_managers)
        if own:
            raise UserError(
                self.env._(
                    "You have an interest in the pay of %(names)s. Somebody does this "
                    "who neither earns by it nor manages those who do.",
                    names=listed(
                        self.env, sorted(set((own & employees or own).mapped("name")))
                    ),
                )
            )
