import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import {
    click,
    manuallyDispatchProgrammaticEvent,
    queryAllTexts,
    queryFirst,
    select,
} from "@odoo/hoot-dom";
import { animationFrame, Deferred, mockDate } from "@odoo/hoot-mock";
import {
    contains,
    makeServerError,
    mockService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { user } from "@web/core/user";
import { getDefaultConfig } from "@web/views/view";
import { storedFilters, storeFilters } from "@hr_sales_commission/board/board_filters";
import { ManagementBoard } from "@hr_sales_commission/board/management_board";
import { MyCommissions } from "@hr_sales_commission/board/my_commissions";

describe.current.tags("desktop");
defineMailModels();

const CARDS = ["earned", "bonus", "paid", "in_payroll", "open", "held", "disputed"];
const SOURCES = ["marketing", "own", "referral"];
const CUSTOMER_SOURCES = SOURCES.map((id) => ({ id, name: `Customers of ${id}` }));

function payment(date, amount, approved) {
    return { date, amount, approved, in_payroll: 0, domain: [["date_due", "=", date]] };
}

function myFigures(values = {}) {
    return {
        currency_id: 1,
        role: "sales",
        can_open_leads: true,
        totals: { draft: { amount: 300, count: 2 }, held: { amount: 50, count: 1 } },
        parts: { open: 300, in_payroll: 0, paid: 0, held: 50 },
        previous_total: 200,
        bonus: 100,
        disputed: 0,
        sources: SOURCES.map((source) => ({
            source,
            deals: 1,
            signed: 10000,
            commission: 300,
            rate: 3,
            days: source === "own" ? null : 12,
            domain: [["source", "=", source]],
            deals_domain: [["deals", "=", source]],
        })),
        records: Object.fromEntries(CARDS.map((card) => [card, [["card", "=", card]]])),
        upcoming: [payment("2026-04-07", 300, 100)],
        companies: [],
        customer_sources: CUSTOMER_SOURCES,
        teams: [],
        targets: [],
        tiers: [],
        marketing: {
            leads: 0,
            qualified: 0,
            won: 0,
            qualified_rate: 0,
            conversion_rate: 0,
            readable: 0,
            domains: { qualified: [["is_qualified", "=", true]] },
        },
        channels: [],
        hints: [],
        months: [{ month: "2026-03-01", commission: 200, bonus: 100 }],
        ...values,
    };
}

const NOTHING = myFigures({ totals: {}, upcoming: [] });

function row(name, value = name) {
    const figures = { qualified: 4, won: 1, rate: 25 };
    return { ...figures, name, value, domain: [["row", "=", name]] };
}

function managementFigures(values = {}) {
    const figures = {
        commission: 500,
        signed: 10000,
        qualified: 4,
        won: 2,
        won_marketing: 1,
        cost_ratio: 5,
        synergy_rate: 25,
        followup_rate: 50,
        overall_rate: 20,
        time_to_sign: 12.25,
        cost_per_lead: 25,
        cost_per_deal: 100,
    };
    return {
        currency_id: 1,
        figures: [
            { id: "signed", label: "Signed amount", help: "Won.", type: "money", better: 1 },
            { id: "commission", label: "Commissions", help: "Earned.", type: "money", better: 0 },
            { id: "synergy_rate", label: "Signed", help: "Cohort.", type: "percent", better: 1 },
            { id: "overall_rate", label: "Overall", help: "All.", type: "percent", better: 1 },
            { id: "time_to_sign", label: "Time to sign", help: "Days.", type: "days", better: -1 },
        ],
        current: figures,
        previous: { ...figures, synergy_rate: 40 },
        records: {
            commission: { records: "lines", domain: [["state", "=", "earned"]] },
            signed: { records: "credits", domain: [["role", "=", "sales"]] },
            overall_rate: { records: "paths", domain: [["team_id", "=", 1]] },
        },
        branches: [{ id: 7, name: "North", ...figures, domain: [["company_id", "=", 7]] }],
        conversions: {
            commission_source: [row("marketing")],
            deal_company_id: [row("North", 7), row("South", 8)],
            team_id: [row("Team North", 3)],
            source_id: [],
        },
        months: [{ ...row("March"), month: "2026-03-01" }],
        alerts: [],
        health: [],
        companies: [],
        customer_sources: CUSTOMER_SOURCES,
        teams: [
            { id: 3, name: "Team North" },
            { id: 4, name: "Team South" },
        ],
        onboarding: [],
        ...values,
    };
}

/** Answer the board's calls; each call is a step with its arguments. */
function answer(method, figures) {
    onRpc("hr.commission.board", method, ({ args, kwargs }) => {
        const { company_id, team_id, source } = kwargs;
        expect.step([...args, company_id, team_id, source].filter(Boolean).join(" "));
        return figures;
    });
}

async function mountBoard(Board) {
    await mountWithCleanup(Board, {
        props: { action: {}, actionId: 1 },
        componentEnv: { config: getDefaultConfig() },
    });
    await animationFrame();
}

let onClosed, opened;
beforeEach(() => {
    mockDate("2026-03-15 12:00:00");
    opened = [];
    mockService("action", {
        loadAction: async (xmlid) => ({ xmlid, name: "Action" }),
        doAction: async (action, { onClose } = {}) => {
            opened.push(action);
            onClosed = onClose;
        },
    });
});

describe("filters", () => {
    test("a tab keeps its own, a new one starts as the last was left", () => {
        storeFilters("one", { period: "year" });
        browser.localStorage.setItem("hr_commission.one.filters", '{"period": "quarter"}');
        expect(storedFilters("one").period).toBe("year");
        browser.sessionStorage.clear();
        expect(storedFilters("one").period).toBe("quarter");
    });

    test("what cannot be read is not kept", () => {
        storeFilters("one", { period: "year", team: 3, source: "own" });
        expect(storedFilters("one")).toMatchObject({ period: "year", team: 3, source: "own" });
        expect(storedFilters("other").period).toBe("month");
        browser.sessionStorage.setItem("hr_commission.one.filters", "{");
        expect(storedFilters("one")).toEqual({
            period: "month",
            from: false,
            to: false,
            company: false,
            team: false,
            source: false,
        });
        storeFilters("one", { period: "custom", from: "2026-01-01" });
        expect(storedFilters("one").period).toBe("month");
        storeFilters("one", { period: "century" });
        expect(storedFilters("one").period).toBe("month");
    });
});

describe("my commissions", () => {
    test("shows this month first, and keeps the period chosen", async () => {
        answer("get_my_board", myFigures());
        await mountBoard(MyCommissions);
        expect.verifySteps(["2026-03-01 2026-03-31"]);
        expect("[data-period='month']").toHaveAttribute("aria-pressed", "true");
        await contains("[data-period='last_month']").click();
        expect.verifySteps(["2026-02-01 2026-02-28"]);
        expect("[data-period='last_month']").toHaveAttribute("aria-pressed", "true");
        expect(storedFilters("my_commissions").period).toBe("last_month");
        await contains("[data-period='quarter']").click();
        await contains("[data-period='year']").click();
        expect.verifySteps(["2026-01-01 2026-03-31", "2026-01-01 2026-12-31"]);
    });

    test("shows days of one's own, from the earlier to the later", async () => {
        answer("get_my_board", myFigures());
        await mountBoard(MyCommissions);
        expect("input[type='date']").toHaveCount(0);
        await contains("[data-period='custom']").click();
        const first = queryFirst("input[name='from']");
        expect(first.value).toBe("2026-03-01");
        first.value = "2026-04-20";
        await manuallyDispatchProgrammaticEvent(first, "change");
        await animationFrame();
        expect.verifySteps([
            "2026-03-01 2026-03-31",
            "2026-03-01 2026-03-31",
            "2026-03-31 2026-04-20",
        ]);
    });

    test("filters are sent, kept, and narrow what is opened", async () => {
        const companies = [
            { id: 7, name: "North" },
            { id: 8, name: "South" },
        ];
        answer("get_my_board", myFigures({ companies, teams: [{ id: 3, name: "Team" }] }));
        await mountBoard(MyCommissions);
        for (const [filter, value] of [
            ["company", "8"],
            ["team", "3"],
            ["source", "own"],
        ]) {
            await click(`select[name='${filter}']`);
            await select(value);
            await animationFrame();
        }
        expect.verifySteps([
            "2026-03-01 2026-03-31",
            "2026-03-01 2026-03-31 8",
            "2026-03-01 2026-03-31 8 3",
            "2026-03-01 2026-03-31 8 3 own",
        ]);
        expect(storedFilters("my_commissions")).toMatchObject({
            company: 8,
            team: 3,
            source: "own",
        });
    });

    test("one company is no choice", async () => {
        answer("get_my_board", myFigures({ companies: [{ id: 7, name: "North" }] }));
        await mountBoard(MyCommissions);
        expect("select").toHaveCount(1);
        expect("select[name='source']").toHaveCount(1);
        expect.verifySteps(["2026-03-01 2026-03-31"]);
    });

    test("a payment says what it still waits for", async () => {
        const upcoming = [
            payment(false, 300, 300),
            payment("2026-03-12", 300, 0),
            payment("2026-04-07", 300, 100),
            payment("2026-05-07", 300, 300),
        ];
        answer("get_my_board", myFigures({ upcoming }));
        await mountBoard(MyCommissions);
        expect(queryAllTexts(".o_commission_payment th")[0]).toBe("Due now");
        const notes = queryAllTexts(".o_commission_payment .o_commission_note");
        expect(notes[0]).toBe("approved, with the next payroll");
        expect(notes[1]).toBe("not approved yet");
        expect(notes[2]).toMatch(/200\.00.* of it not approved yet/);
        expect(notes[3]).toBe("");
        expect.verifySteps(["2026-03-01 2026-03-31"]);
    });

    test("what is overdue stands out, with whom to ask", async () => {
        const upcoming = [{ ...payment(false, 300, 100), since: "2026-03-02", ask: "Hanna" }];
        answer("get_my_board", myFigures({ upcoming }));
        await mountBoard(MyCommissions);
        expect(".o_commission_late th").toHaveText(/^Due since .*2/);
        expect(".o_commission_late .o_commission_note").toHaveText(
            /200\.00.* of it not approved yet: ask Hanna/
        );
        expect.verifySteps(["2026-03-01 2026-03-31"]);
    });

    test("a long table ends in a button that shows the rest", async () => {
        const upcoming = [...Array(13).keys()].map((day) =>
            payment(`2026-04-${day + 10}`, 300, 300)
        );
        answer("get_my_board", myFigures({ upcoming }));
        await mountBoard(MyCommissions);
        expect(".o_commission_payment").toHaveCount(10);
        expect(".o_commission_show_all").toHaveText("Show all 13");
        await contains(".o_commission_show_all").click();
        expect(".o_commission_payment").toHaveCount(13);
        expect(".o_commission_show_all").toHaveCount(0);
        expect.verifySteps(["2026-03-01 2026-03-31"]);
    });

    test("says what was another figure at the visit before", async () => {
        let bonus = 100;
        onRpc("hr.commission.board", "get_my_board", () => myFigures({ bonus }));
        await mountBoard(MyCommissions);
        expect(".o_commission_visit").toHaveCount(0);
        browser.sessionStorage.clear(); // another tab, another day
        mockDate("2026-03-17 12:00:00");
        bonus = 140;
        await contains("[data-period='year']").click();
        await contains("[data-period='month']").click();
        expect(".o_commission_visit").toHaveCount(1);
        expect("[data-card='bonus'] .o_commission_visit").toHaveText(
            /100\.00.* at your visit on .*15/
        );
    });

    test("the chart can be read as a table", async () => {
        answer("get_my_board", myFigures());
        await mountBoard(MyCommissions);
        await contains(".o_commission_board summary").click();
        expect("details tbody th").toHaveText("Mar 26");
        expect("details tbody tr").toHaveText(/200\.00\s.*100\.00/);
        expect.verifySteps(["2026-03-01 2026-03-31"]);
    });

    test("starts with the period chosen last time", async () => {
        storeFilters("my_commissions", { period: "year" });
        answer("get_my_board", myFigures());
        await mountBoard(MyCommissions);
        expect.verifySteps(["2026-01-01 2026-12-31"]);
    });

    test("says that it loads", async () => {
        const later = new Deferred();
        onRpc("hr.commission.board", "get_my_board", () => later);
        await mountBoard(MyCommissions);
        expect(".o_commission_loading[role='status']").toHaveCount(1);
        expect("[data-period]").toHaveCount(5);
        later.resolve(myFigures());
        await animationFrame();
        expect(".o_commission_loading").toHaveCount(0);
        expect("[data-card='earned']").toHaveCount(1);
    });

    test("keeps the figures while others load", async () => {
        answer("get_my_board", myFigures());
        await mountBoard(MyCommissions);
        const later = new Deferred();
        onRpc("hr.commission.board", "get_my_board", () => later);
        await contains("[data-period='year']").click();
        expect("[aria-busy='true'] [data-card='earned']").toHaveCount(1);
        later.resolve(NOTHING);
        await animationFrame();
        expect("[aria-busy='false'] .o_commission_empty").toHaveCount(1);
        expect.verifySteps(["2026-03-01 2026-03-31"]);
    });

    test("explains an empty period", async () => {
        answer("get_my_board", NOTHING);
        await mountBoard(MyCommissions);
        expect(".o_commission_empty").toHaveText(/Nothing earned in this period yet/);
        expect("[data-card]").toHaveCount(0);
        expect(".o_commission_empty button").toHaveCount(0);
        expect.verifySteps(["2026-03-01 2026-03-31"]);
    });

    test("people who earn nothing but manage are shown the way", async () => {
        answer("get_my_board", { ...NOTHING, can_manage: true });
        await mountBoard(MyCommissions);
        await contains(".o_commission_empty button").click();
        expect(opened).toEqual(["hr_sales_commission.hr_commission_board_management_action"]);
        expect.verifySteps(["2026-03-01 2026-03-31"]);
    });

    test("says what failed and tries again", async () => {
        let fails = true;
        onRpc("hr.commission.board", "get_my_board", () => {
            if (fails) {
                throw makeServerError({ message: "The database rests." });
            }
            return myFigures();
        });
        await mountBoard(MyCommissions);
        expect(".o_commission_failed[role='alert']").toHaveText(/The database rests\./);
        fails = false;
        await contains(".o_commission_failed button").click();
        await animationFrame();
        expect(".o_commission_failed").toHaveCount(0);
        expect("[data-card='earned'] .fs-3").toHaveText(/300/);
    });

    test("says in plain words that the server cannot be reached", async () => {
        mockService("orm", {
            silent: { call: () => Promise.reject(new ConnectionLostError("/some/route")) },
        });
        await mountBoard(MyCommissions);
        expect(".o_commission_failed").toHaveText(/The server cannot be reached/);
        expect(".o_commission_failed").not.toHaveText(/route/);
    });

    test("cards open the lines they sum", async () => {
        answer("get_my_board", myFigures({ disputed: 40 }));
        await mountBoard(MyCommissions);
        for (const card of CARDS) {
            expect(`[data-card='${card}'] [data-tooltip]`).toHaveCount(1);
            await contains(`[data-card='${card}']`).click();
            expect(opened.at(-1).xmlid).toBe("hr_sales_commission.hr_commission_line_action");
            expect(opened.at(-1).domain).toEqual([["card", "=", card]]);
        }
        await contains("[data-source='own'] th button").click();
        expect(opened.at(-1).domain).toEqual([["source", "=", "own"]]);
        await contains("[data-source='own'] td button").click();
        expect(opened.at(-1).domain).toEqual([["deals", "=", "own"]]);
        expect(opened.at(-1).context).toEqual({ group_by: ["lead_id"] });
        await contains(".o_commission_payment button").click();
        expect(opened.at(-1).domain).toEqual([["date_due", "=", "2026-04-07"]]);
        expect.verifySteps(["2026-03-01 2026-03-31"]);
    });

    test("shows the change and the days to sign", async () => {
        answer("get_my_board", myFigures());
        await mountBoard(MyCommissions);
        expect("[data-card='earned'] .o_commission_better").toHaveText(/\+50\.0 %/);
        expect("[data-source='marketing'] td:last-child").toHaveText("12");
        expect("[data-source='own'] td:last-child").toHaveText("–");
        expect.verifySteps(["2026-03-01 2026-03-31"]);
    });

    test("says how far the next tier is, in its unit", async () => {
        const tier = {
            name: "Tiers",
            period: "month",
            currency_id: 1,
            amount_type: "percent",
            reached: 8900,
            rate: 3,
            next_from: 10000,
            next_rate: 4,
            missing: 1100,
            unit: "money",
        };
        answer(
            "get_my_board",
            myFigures({
                tiers: [
                    tier,
                    { ...tier, unit: "count", amount_type: "fixed", missing: 2, reached: 3 },
                    { ...tier, period: "week", missing: null, next_from: null, next_rate: null },
                ],
            })
        );
        await mountBoard(MyCommissions);
        const texts = queryAllTexts(".o_commission_tier");
        expect(texts[0]).toMatch(/8,900\.00.*1,100\.00.*more for 4\.0 %/);
        expect(texts[1]).toMatch(/3 this month at .*3\.00.* 2 more for .*4\.00/);
        expect(texts[2]).toMatch(/this week: the last tier, 3\.0 %/);
        expect(".o_commission_tier [role='progressbar']:first").toHaveAttribute(
            "aria-valuenow",
            "89"
        );
        expect.verifySteps(["2026-03-01 2026-03-31"]);
    });

    test("targets say their period and what is reached", async () => {
        const target = {
            id: 1,
            name: "Amount of deals won",
            unit: "money",
            period: "quarter",
            date_from: "2026-01-01",
            amount: 20000,
            achieved: 5000,
            attainment: 25,
        };
        const counted = {
            id: 2,
            name: "Deals won",
            unit: "count",
            period: "month",
            amount: 4,
            achieved: 6,
        };
        answer(
            "get_my_board",
            myFigures({ targets: [target, { ...target, ...counted, attainment: 150 }] })
        );
        await mountBoard(MyCommissions);
        const texts = queryAllTexts(".o_commission_target");
        expect(texts[0]).toMatch(/Q1 2026\s.*5,000\.00.* of .*20,000\.00.* \(25\.0 %\)/);
        expect(texts[1]).toMatch(/Deals won · Jan 2026\s.*6 of 4 \(150\.0 %\)/);
        expect(".o_commission_target .progress-bar:last").toHaveAttribute("style", /width: 100%/);
        expect.verifySteps(["2026-03-01 2026-03-31"]);
    });

    test("a marketer sees channels and what would earn more", async () => {
        answer(
            "get_my_board",
            myFigures({
                role: "marketing",
                sources: [],
                marketing: {
                    leads: 5,
                    qualified: 2,
                    won: 1,
                    qualified_rate: 40,
                    conversion_rate: 50,
                    readable: 5,
                    domains: { qualified: [["is_qualified", "=", true]] },
                },
                channels: [
                    {
                        campaign_id: 9,
                        campaign: "Spring",
                        source_id: false,
                        source: "",
                        leads: 5,
                        won: 1,
                        amount: 400,
                        domain: [["campaign_id", "=", 9]],
                    },
                ],
                hints: [
                    { kind: "channel", source: "Fair", per_lead: 90, average: 60 },
                    { kind: "need", leads: 3, per_lead: 100 },
                ],
            })
        );
        await mountBoard(MyCommissions);
        expect("[data-source]").toHaveCount(0);
        expect(queryAllTexts(".o_commission_hints li")[0]).toMatch(/Fair.*90\.00.*60\.00/);
        expect(queryAllTexts(".o_commission_hints li")[1]).toMatch(/^3 of.*100\.00/);
        await contains(".o_commission_channel button").click();
        expect(opened.at(-1).display_name).toBe("Spring");
        expect(opened.at(-1).domain).toEqual([["campaign_id", "=", 9]]);
        await contains("[data-leads='qualified'] button").click();
        expect(opened.at(-1).res_model).toBe("crm.lead");
        expect(opened.at(-1).domain).toEqual([["is_qualified", "=", true]]);
        expect.verifySteps(["2026-03-01 2026-03-31"]);
    });

    test("without rights to leads they cannot be opened", async () => {
        const marketing = { ...myFigures().marketing, leads: 2 };
        answer("get_my_board", myFigures({ can_open_leads: false, marketing }));
        await mountBoard(MyCommissions);
        expect("[data-leads='leads']").toHaveText(/Leads/);
        expect("[data-leads] button").toHaveCount(0);
        expect.verifySteps(["2026-03-01 2026-03-31"]);
    });

    test("loads again when lines of mine change", async () => {
        let notify;
        mockService("bus_service", {
            subscribe: (type, callback) => {
                if (type === "hr_commission/lines_changed") {
                    notify = callback;
                }
            },
        });
        let amount = 300;
        onRpc("hr.commission.board", "get_my_board", () =>
            myFigures({ parts: { open: amount, in_payroll: 0, paid: 0, held: 0 } })
        );
        await mountBoard(MyCommissions);
        expect("[data-card='earned'] .fs-3").toHaveText(/300/);
        amount = 450;
        notify({});
        await animationFrame();
        expect("[data-card='earned'] .fs-3").toHaveText(/450/);
    });

    test("an earlier answer that comes late is not shown", async () => {
        const late = new Deferred();
        onRpc("hr.commission.board", "get_my_board", ({ args }) =>
            args[0] === "2026-03-01" ? late : myFigures({ bonus: 77 })
        );
        await mountBoard(MyCommissions);
        await contains("[data-period='year']").click();
        expect("[data-card='bonus'] .fs-3").toHaveText(/77/);
        late.resolve(myFigures({ bonus: 11 }));
        await animationFrame();
        expect("[data-card='bonus'] .fs-3").toHaveText(/77/);
    });
});

describe("management", () => {
    test("filters are sent, kept, and narrow what is opened", async () => {
        answer("get_management_board", managementFigures());
        await mountBoard(ManagementBoard);
        expect.verifySteps(["2026-03-01 2026-03-31"]);
        await click("select[name='team']");
        await select("4");
        await animationFrame();
        await click("select[name='source']");
        await select("own");
        await animationFrame();
        expect.verifySteps(["2026-03-01 2026-03-31 4", "2026-03-01 2026-03-31 4 own"]);
        expect(storedFilters("management")).toMatchObject({
            period: "month",
            team: 4,
            source: "own",
        });
    });

    test("starts with the filters chosen last time", async () => {
        storeFilters("management", { period: "quarter", team: 3, source: "referral" });
        answer("get_management_board", managementFigures());
        await mountBoard(ManagementBoard);
        expect.verifySteps(["2026-01-01 2026-03-31 3 referral"]);
        expect(queryFirst("select[name='team']").value).toBe("3");
        expect(queryFirst("select[name='source']").value).toBe("referral");
    });

    test("figures open the facts behind them", async () => {
        answer("get_management_board", managementFigures());
        await mountBoard(ManagementBoard);
        await contains("[data-figure='signed']").click();
        expect(opened.at(-1).xmlid).toBe("hr_sales_commission.hr_commission_credit_action");
        expect(opened.at(-1).domain).toEqual([["role", "=", "sales"]]);
        expect("[data-figure='time_to_sign']").toHaveText(/12\.3 days/);
        expect("[data-figure='overall_rate'] [data-tooltip='All.']").toHaveCount(1);
        await contains("[data-figure='overall_rate']").click();
        expect(opened.at(-1).xmlid).toBe("hr_sales_commission.crm_lead_path_report_action");
        expect(opened.at(-1).domain).toEqual([["team_id", "=", 1]]);
        await contains("[data-conversion='team_id'] tbody button").click();
        expect(opened.at(-1).display_name).toBe("Team North");
        expect(opened.at(-1).domain).toEqual([["row", "=", "Team North"]]);
        expect(opened.at(-1).context).toEqual({ group_by: ["lead_id"] });
        await contains("[data-conversion='deal_company_id'] tbody button").click();
        expect(opened.at(-1).domain).toEqual([["row", "=", "North"]]);
        await contains("[data-conversion='month'] tbody button").click();
        expect(opened.at(-1).display_name).toBe("Mar 26");
        expect(opened.at(-1).domain).toEqual([["row", "=", "March"]]);
        await contains("tbody button:contains(North):first").click();
        expect(opened.at(-1).domain).toEqual([["company_id", "=", 7]]);
        expect.verifySteps(["2026-03-01 2026-03-31"]);
    });

    test("a trend is coloured by whether it is good", async () => {
        answer("get_management_board", managementFigures());
        await mountBoard(ManagementBoard);
        expect("[data-figure='synergy_rate'] .o_commission_worse").toHaveText(/^-15\.0 points/);
        expect(".o_commission_advice").toHaveText(/raise the synergy bonus/);
        expect.verifySteps(["2026-03-01 2026-03-31"]);
    });

    test("alerts say the lever and open", async () => {
        const alerts = [
            {
                id: 5,
                name: "Too few",
                figure: "Leads",
                value: 1,
                threshold: 3,
                condition: "below",
                lever: "Raise the bonus.",
                company: "North",
            },
        ];
        answer("get_management_board", managementFigures({ alerts }));
        await mountBoard(ManagementBoard);
        expect(".o_commission_alert").toHaveText(
            /North: Leads is 1, below 3\.\s*Raise the bonus\./
        );
        await contains(".o_commission_alert button").click();
        expect(opened.at(-1)).toMatchObject({ res_model: "hr.commission.alert", res_id: 5 });
        expect.verifySteps(["2026-03-01 2026-03-31"]);
    });

    test("first steps open their pages and can be dismissed", async () => {
        const onboarding = [
            { id: "plan", done: true, can_open: true },
            { id: "roles", done: false, can_open: false, who: ["Paul", "Petra"] },
            { id: "history", done: false, can_open: false, who: [] },
            {
                id: "simulation",
                done: false,
                can_open: true,
                resume: { model: "hr.commission.simulation", id: 8, name: "Spring" },
            },
        ];
        answer("get_management_board", managementFigures({ onboarding }));
        patchWithCleanup(user, {
            setUserSettings: async (key, value) => expect.step(`${key} ${value}`),
        });
        await mountBoard(ManagementBoard);
        expect("[data-step='plan'] [aria-label='Done']").toHaveCount(1);
        expect("[data-step='plan']").toHaveText(/A plan says what is paid/);
        expect(".o_commission_progress").toHaveText("1 of 4 done");
        expect(".o_commission_onboarding [role='progressbar']").toHaveAttribute(
            "aria-valuenow",
            "1"
        );
        expect(".o_commission_try").toHaveCount(0);
        expect("[data-step='roles'] button").toHaveCount(0);
        expect("[data-step='roles']").toHaveText(/\(ask Paul or Petra\)/);
        expect("[data-step='history']").toHaveText(/ask an administrator/);
        expect("[data-step='simulation']").toHaveText(/Begun: Spring/);
        await contains("[data-step='simulation'] button").click();
        expect(opened.at(-1)).toMatchObject({ res_model: "hr.commission.simulation", res_id: 8 });
        await contains("[data-step='plan'] button").click();
        expect(opened.at(-1)).toBe("hr_sales_commission.hr_commission_plan_action_template");
        onboarding[1].done = true; // in a dialog, which closes
        await onClosed();
        await animationFrame();
        expect(".o_commission_progress").toHaveText("2 of 4 done");
        await contains(".o_commission_onboarding .btn-secondary").click();
        expect(".o_commission_onboarding").toHaveCount(0);
        expect.verifySteps([
            "2026-03-01 2026-03-31",
            "2026-03-01 2026-03-31",
            "is_commission_onboarding_dismissed true",
        ]);
    });

    test("explains an empty period and still offers the filters", async () => {
        const current = { commission: 0, signed: 0, qualified: 0 };
        answer("get_management_board", managementFigures({ current, previous: current }));
        await mountBoard(ManagementBoard);
        expect(".o_commission_empty").toHaveText(/remove a filter/);
        expect("select[name='team']").toHaveCount(1);
        expect.verifySteps(["2026-03-01 2026-03-31"]);
    });

    test("says what failed", async () => {
        onRpc("hr.commission.board", "get_management_board", () => {
            throw makeServerError({ message: "Not yours." });
        });
        await mountBoard(ManagementBoard);
        expect(".o_commission_failed").toHaveText(/Not yours\./);
    });
});
