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

/** Luminance of a colour as WCAG 2 defines it. */
function luminance([red, green, blue]) {
    const [r, g, b] = [red, green, blue].map((value) => {
        const part = value / 255;
        return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const channels = (color) => color.match(/[\d.]+/g).map(Number);

/** The colour behind an element: of the nearest one around it that has any. */
function background(element) {
    for (let each = element; each; each = each.parentElement) {
        const color = channels(getComputedStyle(each).backgroundColor);
        if (color.length === 3 || color[3] > 0) {
            return color;
        }
    }
    return [255, 255, 255];
}

function contrast(element) {
    const [dark, light] = [channels(getComputedStyle(element).color), background(element)]
        .map(luminance)
        .sort((one, other) => one - other);
    return (light + 0.05) / (dark + 0.05);
}

/** Contrast AA of WCAG 2: 4.5, and 3 for large text. */
const READABLE = {
    content: "Every text stands out from what is behind it",
    trigger: ".o_commission_board [aria-busy='false']",
    run() {
        const texts = [...this.anchor.closest(".o_content").querySelectorAll("*")].filter(
            (element) =>
                element.checkVisibility() &&
                [...element.childNodes].some(
                    (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim()
                )
        );
        for (const element of texts) {
            const { fontSize, fontWeight } = getComputedStyle(element);
            const size = parseFloat(fontSize);
            const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
            const found = contrast(element);
            if (found < (isLarge ? 3 : 4.5)) {
                throw new Error(`“${element.textContent}” has a contrast of ${found}`);
            }
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
        READABLE,
        ...choosePeriod("year"),
        {
            content: "Reach what is held by the keyboard",
            trigger: "[data-card='open']",
            run() {
                this.anchor.focus();
            },
        },
        { content: "One on", trigger: "[data-card='open']", run: "press Tab" },
        {
            content: "It has the focus: open it",
            trigger: "[data-card='held']:focus",
            run: "press Enter",
        },
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
        READABLE,
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
        {
            content: "How many leads of which month were won",
            trigger: "[data-conversion='month'] tbody tr:last-child td:contains('100.0 %')",
        },
        FITS,
        READABLE,
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
        READABLE,
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

tours.add("commission_board_team_manager", {
    steps: () => [
        {
            content: "Nothing of mine yet, and what to expect",
            trigger: ".o_commission_empty:contains('Nothing earned')",
        },
        FITS,
        READABLE,
    ],
});

tours.add("commission_board_administrator", {
    steps: () => [
        {
            content: "What all branches signed",
            trigger: "[data-figure='signed'] .fs-3:contains('23,000.00')",
        },
        {
            content: "Branches side by side",
            trigger: ".o_commission_board th[scope='row']:contains('Commission South')",
        },
        FITS,
        READABLE,
        {
            content: "Only one of them",
            trigger: "select[name='company']",
            run: "selectByLabel Commission North",
        },
        {
            content: "The figures follow",
            trigger: "[data-figure='signed'] .fs-3:contains('14,000.00')",
        },
    ],
});

tours.add("commission_board_right_to_left", {
    steps: () => [
        {
            content: "The page reads from right to left",
            trigger: ".o_web_client.o_rtl .o_commission_board [data-card='earned']",
        },
        {
            content: "Amounts stand at the left, names at the right",
            trigger: "[data-source='marketing']",
            run() {
                const [name, ...cells] = this.anchor.children;
                if (cells.some((cell) => cell.offsetLeft > name.offsetLeft)) {
                    throw new Error("The table is not mirrored");
                }
                if (getComputedStyle(cells[0]).textAlign !== "left") {
                    throw new Error("The end of a line is not the left one");
                }
            },
        },
        FITS,
        READABLE,
    ],
});
