# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
{
    "name": "Sales Commissions: Website Forms",
    "summary": "What visitors write into a form qualifies their lead",
    "version": "19.0.1.1.0",
    "category": "Human Resources/Commissions",
    "website": "https://github.com/hr-sales-commission/hr_sales_commission",
    "author": "hr_sales_commission",
    "maintainers": ["hr-sales-commission"],
    "license": "LGPL-3",
    "depends": ["hr_sales_commission", "website_crm"],
    "data": ["data/ir_model_fields_data.xml"],
    "auto_install": True,
}
