import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** The page is never wider than the screen: only tables scroll, inside themselves. */
const FITS = {
    content: "Nothing hangs over the edge",
    trigger: ".o_commission_board .o_content",
    run() {
        const page = document.documentElement;
        if (
            page.scrollWidth > page.clientWidth ||
            this.anchor.scrollWidth > this.anchor.clientWidth
        ) {
            throw new Error(`The board is ${this.anchor.scrollWidth} pixels wide`);
        }
    },
};

const choosePeriod = (period) => [
    { content: "Choose a period", trigger: `[data-period='${period}']`, run: "click" },
    {
        content: "It is chosen and its figures are there",
        trigger: `.o_commission_board:has([data-period='${period}'][aria-pressed='true']) [aria-busy='false']`,
    },
];

const BACK = [
    {
        content: "Back to the board",
        trigger: ".o_back_button a, button.o_back_button",
        run: "click",
    },
];

tours.add("commission_board_sales", {
    steps: () => [
        {
            content: "What I earned this month",
            trigger: "[data-card='earned'] .fs-3:contains('400.00')",
        },
        { content: "Of which bonus", trigger: "[data-card='bonus'] .fs-3:contains('100.00')" },
        {
            content: "Own against marketing's customers",
            trigger: "[data-source='marketing'] td:contains('4.0 %')",
        },
        FITS,
        ...choosePeriod("year"),
        { content: "Open what is held", trigger: "[data-card='held']", run: "click" },
        { content: "Under its name", trigger: ".o_last_breadcrumb_item:contains('Held')" },
        {
            content: "The held commission is there, and only it",
            trigger: ".o_view_controller:contains('Held deal'):not(:contains('Deal of the board'))",
        },
        ...BACK,
        {
            content: "The period stayed",
            trigger: "[data-period='year'][aria-pressed='true']",
        },
        { content: "The figures are back", trigger: "[data-card='earned']" },
    ],
});

tours.add("commission_board_marketing", {
    steps: () => [
        { content: "What I brought", trigger: "[data-leads='leads'] td:contains('1')" },
        {
            content: "Pay by channel",
            trigger: ".o_commission_channel td:contains('300.00')",
        },
        FITS,
        { content: "Open it", trigger: ".o_commission_channel button", run: "click" },
        {
            content: "The commissions of the channel",
            trigger: ".o_view_controller:contains('Deal of the board')",
        },
        ...BACK,
        { content: "The board is back", trigger: ".o_commission_channel" },
    ],
});

tours.add("commission_board_manager", {
    steps: () => [
        {
            content: "What the branch signed, and no other branch",
            trigger: "[data-figure='signed'] .fs-3:contains('14,000.00')",
        },
        FITS,
        {
            content: "Only marketing's customers",
            trigger: "select[name='source']",
            run: "select marketing",
        },
        {
            content: "The figures follow",
            trigger: "[data-figure='signed'] .fs-3:contains('10,000.00')",
        },
        {
            content: "Only one team",
            trigger: "select[name='team']",
            run: "selectByLabel Team of the board",
        },
        ...choosePeriod("quarter"),
        {
            content: "Open the commissions",
            trigger: "[data-figure='commission']",
            run: "click",
        },
        {
            content: "Those of the team's deals",
            trigger: ".o_view_controller:contains('Deal of the board'):not(:contains('Held deal'))",
        },
        ...BACK,
        {
            content: "The filters stayed",
            trigger: "select[name='source']",
            run() {
                if (this.anchor.value !== "marketing") {
                    throw new Error("The source chosen is lost");
                }
            },
        },
        {
            content: "Open what was signed",
            trigger: "[data-figure='signed']",
            run: "click",
        },
        {
            content: "The credits of the branch",
            trigger: ".o_view_controller:contains('Deal of the board')",
        },
    ],
});

tours.add("commission_board_officer", {
    steps: () => [
        {
            content: "A plan holds already",
            trigger: "[data-step='plan'] [aria-label='Done']",
        },
        {
            content: "Nobody simulated yet",
            trigger: "[data-step='simulation'] [aria-label='To do']",
        },
        FITS,
        { content: "Go there", trigger: "[data-step='simulation'] button", run: "click" },
        {
            content: "Simulations",
            trigger: ".o_last_breadcrumb_item:contains('Simulations')",
        },
        ...BACK,
        {
            content: "I know the way",
            trigger: ".o_commission_onboarding .btn-secondary",
            run: "click",
        },
        {
            content: "The first steps are gone, the figures stay",
            trigger: ".o_commission_board:not(:has(.o_commission_onboarding)) [data-figure]",
        },
    ],
});
