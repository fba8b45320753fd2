import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const ROOT = "hr_sales_commission.hr_commission_menu_root";
const MENU = "hr_sales_commission.hr_commission_menu_commissions";
const PERSONAL = "hr_sales_commission.hr_commission_menu_own";
const OWN = "hr_sales_commission.hr_commission_line_menu_own";
const TO_APPROVE = "hr_sales_commission.hr_commission_line_menu_to_approve";

registry.category("web_tour.tours").add("commission_deal_won", {
    steps: () => [
        {
            content: "Read whose customer it is",
            trigger: ".o_form_view .nav-link[name='commission']",
            run: "click",
        },
        {
            content: "The source is shown and cannot be edited",
            trigger:
                ".o_field_widget[name='commission_source'].o_readonly_modifier:contains('Marketing')",
        },
        {
            content: "Win the deal",
            trigger: ".o_statusbar_buttons button[name='action_set_won_rainbowman']",
            run: "click",
        },
        { content: "It is won", trigger: ".ribbon:contains('Won')" },
    ],
});

registry.category("web_tour.tours").add("commission_line_read", {
    steps: () => [
        ...stepUtils.goToAppSteps(ROOT, "Open the app"),
        {
            content: "Open the section of one's own",
            trigger: `[data-menu-xmlid='${PERSONAL}']`,
            run: "click",
        },
        { content: "My commissions", trigger: `[data-menu-xmlid='${OWN}']`, run: "click" },
        {
            content: "Open the commission",
            trigger:
                ".o_list_view .o_data_row:contains('Deal of the tour'):has(td[name='kind']:contains('Commission')) td[name='amount']",
            run: "click",
        },
        {
            content: "It says how it came about",
            trigger: ".o_field_widget[name='explanation']:contains('3 % of')",
        },
        {
            content: "Nobody approves their own commission",
            trigger: ".o_form_view:not(:has(button[name='action_approve']))",
        },
    ],
});

registry.category("web_tour.tours").add("commission_line_approve", {
    steps: () => [
        ...stepUtils.goToAppSteps(ROOT, "Open the app"),
        {
            content: "Open the section of managers",
            trigger: `[data-menu-xmlid='${MENU}']`,
            run: "click",
        },
        { content: "To approve", trigger: `[data-menu-xmlid='${TO_APPROVE}']`, run: "click" },
        {
            content: "What waits for approval comes first",
            trigger: ".o_searchview .o_facet_value:contains('To Approve')",
        },
        {
            content: "Open the commission",
            trigger:
                ".o_list_view .o_data_row:contains('Deal of the tour'):contains('SAL_MKT') td[name='amount']",
            run: "click",
        },
        {
            content: "Approve it",
            trigger: ".o_statusbar_buttons button[name='action_approve']",
            run: "click",
        },
        {
            content: "It is approved",
            trigger: ".o_statusbar_buttons button[name='action_reset_to_draft']",
        },
        {
            content: "By the manager",
            trigger: ".o_field_widget[name='approver_id']:contains('manager_north')",
        },
    ],
});
