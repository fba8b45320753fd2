import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("payslip_commissions_read", {
    steps: () => [
        {
            isActive: ["mobile"],
            content: "The deal behind what the payslip pays",
            trigger: ".o_kanban_record:contains('Deal of the payslip')",
            run: "click",
        },
        {
            isActive: ["desktop"],
            content: "The deal behind what the payslip pays",
            trigger: ".o_list_view .o_data_row:contains('Deal of the payslip') td[name='amount']",
            run: "click",
        },
        {
            content: "It says how the amount came about",
            trigger: ".o_field_widget[name='explanation']:contains('3 % of')",
        },
        {
            content: "Go on to the payslip",
            trigger: ".o_field_widget[name='payslip_id'] a",
            run: "click",
        },
        {
            isActive: ["mobile"],
            content: "Smart buttons are behind one button",
            trigger: ".o_form_view .o_button_more",
            run: "click",
        },
        {
            content: "Its payslip sums them",
            trigger: "button[name='action_view_commissions'] .o_field_widget:contains('300.00')",
        },
    ],
});
