{
    "name": "Commissions on the Margin of Projects (Sample)",
    "version": "19.0.1.0.0",
    "author": "hr_sales_commission",
    "license": "LGPL-3",
    "depends": ["hr_sales_commission_account"],
    "data": ["security/ir.model.access.csv"],
}
