import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const NOTE = ".o_field_widget[name='commission_estimate_note']";
const CARD = ".o_commission_card_estimate";

/** The estimate is as wide as the screen at most. */
const FITS = {
    content: "The sentence fits on the screen",
    trigger: "div[name='commission_estimate']",
    run() {
        const { right } = this.anchor.getBoundingClientRect();
        if (right > window.innerWidth || this.anchor.scrollWidth > this.anchor.clientWidth + 1) {
            throw new Error(`The estimate ends at ${right} pixels`);
        }
    },
};

tours.add("commission_estimate_form", {
    steps: () => [
        { content: "What I would get", trigger: `${NOTE} strong:contains('400.00')` },
        {
            content: "How far the next tier is",
            trigger: `${NOTE}:contains('1,100.00'):contains('to your next tier of 4 %')`,
        },
        {
            content: "Nothing of others",
            trigger: `${NOTE}:not(:contains('marketer'))`,
        },
        FITS,
        {
            content: "Expect more",
            trigger: ".o_field_widget[name='expected_revenue'] input",
            run: "edit 20000 && press Tab",
        },
        {
            content: "The sentence follows: 800 and 4 % of what is above the bound",
            trigger: `${NOTE} strong:contains('1,156.00')`,
        },
        {
            content: "The tier is reached",
            trigger: `${NOTE}:contains('This reaches your tier of 4 %.')`,
        },
        {
            content: "Leave it as it was",
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        { content: "As before", trigger: `${NOTE} strong:contains('400.00')` },
    ],
});

tours.add("commission_estimate_cards", {
    steps: () => [
        {
            content: "What I would get for marketing's customer",
            trigger: `.o_kanban_record:contains('Deal to estimate') ${CARD}:contains('400.00 for you')`,
        },
        {
            content: "With the distance to the next tier",
            trigger: `.o_kanban_record:contains('Deal to estimate') ${CARD}[title*='1,100.00']`,
        },
        {
            content: "What is held says so",
            trigger: `.o_kanban_record:contains('Own to estimate') ${CARD}:contains('100.00 for you (held)')`,
        },
    ],
});

tours.add("commission_estimate_manager", {
    steps: () => [
        {
            content: "What the salesperson of the branch would get, and no other branch's marketer",
            trigger: `${NOTE}:contains('sales_north (sales)'):contains('400.00'):not(:contains('marketer'))`,
        },
        FITS,
        {
            content: "Back to the pipeline",
            trigger: ".o_back_button a, button.o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "Also on the card of the own deal that somebody else is paid for",
            trigger: `.o_kanban_record:contains('Deal given away') ${CARD}:contains('sales_north'):not(:contains('for you'))`,
        },
    ],
});
