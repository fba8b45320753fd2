# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
{
    "name": "Sales Commissions: Payroll",
    "summary": "Approved commissions on the payslip, once, and explained",
    "version": "19.0.1.1.0",
    "category": "Human Resources/Commissions",
    "website": "https://github.com/hr-sales-commission/hr_sales_commission",
    "author": "hr_sales_commission",
    "maintainers": ["hr-sales-commission"],
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["hr_sales_commission", "payroll"],
    "data": [
        "security/ir.model.access.csv",
        "security/hr_payslip_commission_security.xml",
        "data/hr_salary_rule_data.xml",
        "views/hr_payslip_commission_views.xml",
        "views/hr_payslip_views.xml",
        "views/hr_payslip_run_views.xml",
        "views/hr_commission_pay_run_views.xml",
        "views/hr_salary_rule_views.xml",
        "views/hr_payroll_structure_views.xml",
        "views/hr_commission_line_views.xml",
        "views/res_config_settings_views.xml",
        "report/report_payslip_templates.xml",
    ],
    "demo": [
        "demo/hr_payroll_structure_demo.xml",
        "demo/hr_payslip_run_demo.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "assets": {
        "web.assets_tests": [
            "hr_sales_commission_payroll/static/tests/tours/*.js",
        ],
    },
    "images": ["static/description/main_screenshot.png"],
}
