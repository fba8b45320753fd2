import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import {
    checkDatasets,
    getGraphRenderer,
    selectMode,
} from "@web/../tests/views/graph/graph_test_helpers";
import { contains, defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Outcome extends models.Model {
    person = fields.Char();
    plan = fields.Char();
    amount = fields.Integer();
    _records = [
        { id: 1, person: "Ann", plan: "Old", amount: 100 },
        { id: 2, person: "Ann", plan: "New", amount: 120 },
    ];
}

defineMailModels();
defineModels([Outcome]);

const GRAPH = {
    type: "graph",
    resModel: "outcome",
    arch: `<graph js_class="hr_commission_alternatives_graph">
        <field name="person"/><field name="plan"/><field name="amount" type="measure"/>
    </graph>`,
};

test("plans stand beside each other, whatever a favourite says", async () => {
    const context = { graph_stacked: true, graph_mode: "pie" };
    const view = await mountView({ ...GRAPH, context });
    for (const mode of ["bar", "line"]) {
        await selectMode(mode);
        expect(".o_graph_button[data-tooltip=Stacked]").toHaveCount(0);
        const { options } = getGraphRenderer(view).chart.config;
        expect(Boolean(options.scales.y.stacked)).toBe(false);
        checkDatasets(view, ["label"], [{ label: "New" }, { label: "Old" }]);
    }
    expect(".o_graph_button[data-mode=pie]").toHaveCount(0);
    await contains(".o_graph_button[data-tooltip=Cumulative]").click();
});
