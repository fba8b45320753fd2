import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { animationFrame, runAllTimers } from "@odoo/hoot-mock";
import { Component, reactive, xml } from "@odoo/owl";
import { mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { CardEstimate } from "@hr_sales_commission/estimate/card_estimate";

describe.current.tags("desktop");
defineMailModels();

const MINE = { mine: "$ 400.00", is_held: false, others: [], hints: ["Then 1,100.00"] };
const HELD = { mine: "$ 50.00", is_held: true, others: ["Mia $ 20.00"], hints: [] };
const OTHERS = { mine: "", is_held: false, others: ["Sam $ 40.00", "Mia $ 20.00"], hints: [] };

function record(resId, data = {}, model = {}) {
    return reactive({ resId, data: { expected_revenue: 1000, ...data }, model });
}

class Cards extends Component {
    static components = { CardEstimate };
    static props = ["records"];
    static template = xml`
        <div t-foreach="props.records" t-as="record" t-key="record.resId" t-att-data-id="record.resId">
            <CardEstimate record="record" />
        </div>`;
}

async function mountCards(...records) {
    await mountWithCleanup(Cards, { props: { records } });
    await runAllTimers();
    await animationFrame();
}

test("all cards ask with one call", async () => {
    onRpc("crm.lead", "get_commission_estimates", ({ args }) => {
        expect.step(args[0].toSorted().join());
        return { 1: MINE, 2: HELD, 3: OTHERS };
    });
    await mountCards(record(1), record(2), record(3), record(4));
    expect.verifySteps(["1,2,3,4"]);
    expect("[data-id='1']").toHaveText("$ 400.00 for you");
    expect("[data-id='1'] .o_commission_card_estimate").toHaveAttribute(
        "title",
        "Then 1,100.00\nWhy this, or why nothing?"
    );
    expect("[data-id='2']").toHaveText("$ 50.00 for you (held) · Mia $ 20.00");
    expect("[data-id='3']").toHaveText("Sam $ 40.00 · Mia $ 20.00");
    expect("[data-id='4']").toHaveText("");
});

test("a changed amount asks again for its card only", async () => {
    onRpc("crm.lead", "get_commission_estimates", ({ args }) => {
        expect.step(args[0].toSorted().join());
        return { 1: MINE, 2: MINE };
    });
    const changing = record(1);
    await mountCards(changing, record(2));
    expect.verifySteps(["1,2"]);
    changing.data.expected_revenue = 2000;
    await animationFrame();
    await runAllTimers();
    expect.verifySteps(["1"]);
});

test("sample cards and new ones ask for nothing", async () => {
    onRpc("crm.lead", "get_commission_estimates", () => expect.step("asked"));
    await mountCards(record(false), record(2, {}, { useSampleModel: true }));
    expect.verifySteps([]);
    expect(".o_commission_card_estimate").toHaveCount(0);
});
