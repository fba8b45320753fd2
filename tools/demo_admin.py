"""Gives the demo's administrator its companies: the demo data touch nobody else's user.

Runs in an Odoo shell.
"""

halden = env.ref("hr_sales_commission.res_company_halden_demo")  # noqa: F821
companies = env["res.company"].search([("id", "child_of", halden.id)])  # noqa: F821
admin = env.ref("base.user_admin")  # noqa: F821
admin.write({"company_ids": [(4, company.id) for company in companies]})
admin.company_id = halden
admin.lang = env.ref("hr_sales_commission.res_users_carla_demo").lang  # noqa: F821
chinese = env["res.lang"].search([("code", "=", "zh_CN")])  # noqa: F821
chinese.date_format = "%Y年%m月%d日"  # as its pages write days anyway; Odoo has slashes
env.cr.commit()  # noqa: F821
