"""Prints what a database holds: the ledger, whether it is intact, its files.

Runs in an Odoo shell; ends with one line that has to be the same for a copy.
"""

import hashlib

QUERY = """
    SELECT company_id, state, count(*), sum(amount),
           md5(string_agg(id || ':' || amount || ':' || employee_id, ',' ORDER BY id))
      FROM hr_commission_line GROUP BY 1, 2 ORDER BY 1, 2
"""


def ledger():
    """Return what the ledger holds by company and state."""
    env.flush_all()  # noqa: F821
    env.cr.execute(QUERY)  # noqa: F821
    return [tuple(map(str, row)) for row in env.cr.fetchall()]  # noqa: F821


companies = env["res.company"].search([])  # noqa: F821
everywhere = env(context={"allowed_company_ids": companies.ids})  # noqa: F821
breaks = everywhere["crm.touchpoint"].verify_integrity()
before = ledger()
everywhere["hr.commission.event"]._set_pending([])
everywhere["hr.commission.event"]._process()
files = env["ir.attachment"].search([("name", "=", "evidence.txt")])  # noqa: F821
digest = hashlib.sha256(repr([before, [file.raw for file in files]]).encode())
for row in before:
    print("company {}, {}: {} commissions, {}".format(*row[:4]))
print("breaks found:", len(breaks), *breaks[:3])
print("computed from nothing:", "the same" if ledger() == before else "OTHER")
print("files of evidence:", len(files))
print("DRILL", digest.hexdigest())
env.cr.rollback()  # noqa: F821
