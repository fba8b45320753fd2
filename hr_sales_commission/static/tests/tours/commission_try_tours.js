import { registry } from "@web/core/registry";

/** Compute what is open, whether the button stands in the bar or behind its cog. */
function compute(done) {
    return [
        {
            content: "Compute it",
            trigger:
                ".o_form_view button[name='action_compute'], .o_form_view button[name='action_run']",
            run: "click",
        },
        { content: "It is computed", trigger: done },
    ];
}

registry.category("web_tour.tours").add("commission_simulate", {
    steps: () => [
        ...compute(".o_field_widget[name='comparison'] table:contains('marketer')"),
        {
            content: "Who loses, and why in words",
            trigger: ".o_field_widget[name='comparison']:contains('instead of')",
        },
        {
            content: "Down to the deals of a person",
            trigger: ".o_field_widget[name='result_ids'] button[name='action_view_deals']",
            run: "click",
        },
        {
            content: "Each deal with what it paid before and would pay",
            trigger:
                ".o_list_view .o_data_cell[name='title'], .o_kanban_record:contains('Deal won')",
            run: "click",
        },
        {
            content: "With both explanations",
            trigger: ".o_form_view .o_field_widget[name='explanation_before']:contains('%')",
        },
    ],
});

registry.category("web_tour.tours").add("commission_scenario", {
    steps: () => [
        ...compute(".o_field_widget[name='result_ids']:contains('$')"),
        {
            content: "Push the volume",
            trigger: ".o_field_widget[name='factor_leads'] input[type='range']",
            run: "range 150",
        },
        ...compute(".o_field_widget[name='result_ids']:contains('$')"),
        {
            content: "Solve for a budget",
            trigger: ".o_notebook .nav-link[name='solve']",
            run: "click",
        },
        {
            content: "By the rate that is free",
            trigger: ".o_form_view button[name='action_solve']",
            run: "click",
        },
        {
            content: "The result is a draft",
            trigger: ".o_form_view .o_field_widget[name='rule_ids']:contains('SAL_MKT')",
        },
    ],
});

registry.category("web_tour.tours").add("commission_effect", {
    steps: () => compute(".o_field_widget[name='summary'] .o_commission_effect table"),
});
