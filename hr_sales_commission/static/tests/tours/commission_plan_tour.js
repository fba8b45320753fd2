import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("commission_plan_create", {
    steps: () => [
        {
            content: "Write a new plan",
            trigger: ".o_control_panel:contains('Plans') .o_list_button_add",
            run: "click",
        },
        {
            content: "Name it",
            trigger: ".o_form_view .o_field_widget[name='name'] input",
            run: "edit Plan of the tour",
        },
        {
            content: "Add a rule",
            trigger: ".o_field_widget[name='rule_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Name the rule",
            trigger: ".modal .o_field_widget[name='name'] input",
            run: "edit Sales 4 percent",
        },
        {
            content: "Give its rate",
            trigger: ".modal .o_group .o_field_widget[name='rate'] input",
            run: "edit 4 && press Tab",
        },
        {
            content: "The dialog says of which plan, the sentence what the rule says",
            trigger:
                ".modal:contains('Rule of Plan of the tour') .o_field_widget[name='sentence_parts'] a[data-field='rate']:contains('4 %')",
        },
        {
            content: "A part of the sentence leads to its field, wherever that is",
            trigger: ".modal a[data-field='requires_verification']",
            run: "click",
        },
        {
            content: "It is behind More",
            trigger: ".modal .nav-link.active[name='more']",
        },
        {
            content: "Keep the rule",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "The row says what it pays",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name='rule_ids'] .o_data_row:contains('Sales 4 percent'):contains('4 %')",
        },
        {
            content: "Try the plan before it is saved",
            trigger: ".nav-link[name='example']",
            run: "click",
        },
        {
            content: "With 5,000",
            trigger: ".o_field_widget[name='example_amount'] input",
            run: "edit 5000 && press Tab",
        },
        {
            content: "The panel says who would get what",
            trigger: ".o_field_widget[name='example_result']:contains('200.00')",
        },
        {
            content: "Try a case of several events",
            trigger: ".o_field_widget[name='example_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Something happens",
            trigger: ".modal .o_field_widget[name='event_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "A deal of 7,000",
            trigger: ".modal .o_selected_row .o_field_widget[name='amount'] input",
            run: "edit 7000 && press Tab",
        },
        {
            content: "The lines and sums follow",
            trigger: ".modal .o_field_widget[name='result']:contains('280.00')",
        },
        {
            content: "Keep the case",
            trigger: ".modal .o_field_widget[name='is_kept'] input",
            run: "check",
        },
        {
            content: "Close it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "It is in the list",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name='example_ids'] .o_data_row:contains('280.00')",
        },
        ...stepUtils.saveForm(),
        {
            content: "Put it in force",
            trigger: ".o_form_view button[name='action_review']",
            run: "click",
        },
        {
            content: "See what it does, and confirm",
            trigger: ".modal .modal-footer button[name='action_activate']",
            run: "click",
        },
        {
            content: "The plan is active and offers its next version",
            trigger: "body:not(:has(.modal)) button[name='action_change']",
        },
    ],
});

registry.category("web_tour.tours").add("commission_arrange_rules", {
    steps: () => [
        {
            content: "Arrange the rules by hand",
            trigger: ".o_form_view .o_commission_arrange",
            run: "click",
        },
        {
            content: "What sales earned, managers shall earn",
            trigger:
                ".o_commission_section[data-role='sales'] .o_commission_card:contains('Rule A')",
            run: "drag_and_drop .o_commission_section[data-role='manager']",
        },
        {
            content: "It is theirs; give it a cap",
            trigger:
                ".o_commission_sections:has(.o_commission_section[data-role='manager'] .o_commission_card:contains('Rule A'))",
        },
        {
            content: "A block is dragged into the rule",
            trigger: ".o_commission_block[data-name='cap']",
            run: ({ drag_and_drop }) =>
                drag_and_drop(".o_commission_card:contains('Rule B')", { position: "center" }),
        },
        {
            content: "Its form opens where the cap is",
            trigger:
                ".modal .o_notebook:has(.nav-link.active[name='more']) .o_field_widget[name='cap'] input",
            run: "edit 500 && press Tab",
        },
        {
            content: "The sentence says it",
            trigger: ".modal .o_field_widget[name='sentence_parts'] a[data-field='cap']",
        },
        {
            content: "Keep it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "Back among the rules",
            trigger: "body:not(:has(.modal)) .o_commission_sections",
        },
        ...stepUtils.saveForm(),
    ],
});
