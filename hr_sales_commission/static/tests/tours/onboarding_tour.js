import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("commission_first_steps", {
    steps: () => [
        {
            content: "All steps are there, with what they are for",
            trigger: "[data-step='history']:contains('not with nothing')",
        },
        { content: "How far we are", trigger: ".o_commission_progress:contains('of 6 done')" },
        {
            content: "Have a look first",
            trigger: ".o_commission_try button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The page is back, now in the sample company",
            trigger: ".o_commission_sample:contains('sample data')",
        },
        {
            content: "Enough seen",
            trigger: ".o_commission_sample button",
            run: "click",
        },
        {
            content: "Yes, remove it",
            trigger: ".modal .btn-primary:contains('Remove')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Back in the own company",
            trigger: ".o_commission_board:not(:has(.o_commission_sample)) .o_commission_try",
        },
    ],
});
