{
    "name": "Commissions on Contract Renewals (Sample)",
    "version": "19.0.1.0.0",
    "author": "hr_sales_commission",
    "license": "LGPL-3",
    "depends": ["hr_sales_commission"],
    "data": [
        "security/ir.model.access.csv",
        "data/hr_commission_role_data.xml",
        "views/hr_commission_rule_views.xml",
    ],
}
