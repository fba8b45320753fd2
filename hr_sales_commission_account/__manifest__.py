{
    "name": "Sales Commissions on Orders, Invoices and Payments",
    "summary": "Pay on orders, on invoices, or on the customer's money as it comes in",
    "version": "19.0.1.0.0",
    "category": "Human Resources/Commissions",
    "website": "https://github.com/hr-sales-commission/hr_sales_commission",
    "author": "hr_sales_commission",
    "license": "LGPL-3",
    "depends": ["hr_sales_commission", "sale_crm", "account"],
    "auto_install": True,
    "data": [
        "security/ir.model.access.csv",
        "security/hr_commission_security.xml",
        "views/hr_commission_collection_views.xml",
        "views/hr_commission_rule_views.xml",
        "views/res_partner_views.xml",
    ],
    "images": ["static/description/main_screenshot.png"],
}
