# Odoo 19 with the addons and OCA's payroll.
FROM odoo:19.0
USER root
COPY requirements.txt /tmp/requirements.txt
RUN pip install --no-cache-dir --break-system-packages -r /tmp/requirements.txt \
    && pip install --no-cache-dir --break-system-packages --no-deps \
    "odoo-addon-payroll==19.0.*"
COPY --chown=odoo:odoo hr_sales_commission /mnt/extra-addons/hr_sales_commission
COPY --chown=odoo:odoo hr_sales_commission_account /mnt/extra-addons/hr_sales_commission_account
COPY --chown=odoo:odoo hr_sales_commission_payroll /mnt/extra-addons/hr_sales_commission_payroll
COPY --chown=odoo:odoo hr_sales_commission_event /mnt/extra-addons/hr_sales_commission_event
COPY --chown=odoo:odoo hr_sales_commission_website /mnt/extra-addons/hr_sales_commission_website
COPY --chown=odoo:odoo hr_sales_commission_mailing /mnt/extra-addons/hr_sales_commission_mailing
COPY --chown=odoo:odoo hr_sales_commission_livechat /mnt/extra-addons/hr_sales_commission_livechat
COPY --chown=odoo:odoo hr_sales_commission_survey /mnt/extra-addons/hr_sales_commission_survey
COPY --chown=odoo:odoo hr_sales_commission_automation /mnt/extra-addons/hr_sales_commission_automation
USER odoo
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD ["curl", "-fs", "http://127.0.0.1:8069/web/health"]
