import { registry } from "@web/core/registry";

const FIELD = ".o_form_view .o_field_widget";

// the same steps on a desktop and on a telephone, where lists are cards
registry.category("web_tour.tours").add("commission_explain_line", {
    steps: () => [
        {
            content: "Open the commission",
            trigger:
                ".o_data_row:contains('Deal of the tour'):contains('300.00') td[name='amount'], " +
                ".o_kanban_record:contains('Deal of the tour'):contains('300.00')",
            run: "click",
        },
        {
            content: "The sentence",
            trigger: `${FIELD}[name='explanation']:contains('3 % of')`,
        },
        {
            content: "The formula",
            trigger: `${FIELD}[name='formula'] tr:contains('Percentage'):contains('3 %')`,
        },
        {
            content: "The evidence of the source",
            trigger: `${FIELD}[name='source_evidence'] dd:contains('brought by marketer')`,
        },
        {
            content: "The version of the plan",
            trigger: `${FIELD}[name='plan_version']:contains('version 1, in force since')`,
        },
        {
            content: "Ask why nothing else",
            trigger: ".o_statusbar_buttons button:contains('Why this, or why nothing?')",
            run: "click",
        },
        {
            content: "What another rule would have needed",
            trigger: ".modal li:contains('The rule is for an own customer')",
        },
        { content: "Close", trigger: ".modal footer button", run: "click" },
        { content: "Back at the commission", trigger: "body:not(.modal-open) .o_form_view" },
    ],
});

registry.category("web_tour.tours").add("commission_explain_lead", {
    steps: () => [
        {
            content: "Whose customer it is",
            trigger: ".o_form_view .nav-link[name='commission']",
            run: "click",
        },
        {
            content: "Ask why nothing is paid",
            trigger: ".o_form_view button:contains('Why this, or why nothing?')",
            run: "click",
        },
        {
            content: "It is not won yet",
            trigger: ".modal li:contains('The deal is not won yet')",
        },
        {
            content: "Marketing earns nothing on it",
            trigger: ".modal li:contains('marketing earns nothing')",
        },
        { content: "Close", trigger: ".modal footer button", run: "click" },
        { content: "Back at the lead", trigger: "body:not(.modal-open) .o_form_view" },
    ],
});
