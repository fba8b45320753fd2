import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { click } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import "@hr_sales_commission/form/checked_form";

describe.current.tags("desktop");

class Paper extends models.Model {
    name = fields.Char();
    write_date = fields.Datetime();
    _records = [{ id: 1, name: "Plan", write_date: "2026-05-01 10:00:00" }];
}

defineMailModels();
defineModels([Paper]);

async function edit(changedOn) {
    onRpc("paper", "read", () => [{ id: 1, write_date: changedOn }]);
    onRpc("paper", "web_save", () => {
        expect.step("saved");
    });
    await mountView({
        type: "form",
        resModel: "paper",
        resId: 1,
        arch: `<form js_class="commission_checked_form">
                <field name="write_date" invisible="1"/><field name="name"/>
            </form>`,
    });
    await contains(".o_field_widget[name=name] input").edit("Mine");
    await click(".o_form_button_save");
    await animationFrame();
}

test("what nobody else changed is saved without a question", async () => {
    await edit("2026-05-01 10:00:00");
    expect(".modal").toHaveCount(0);
    expect.verifySteps(["saved"]);
});

test("what somebody else saved meanwhile is not overwritten silently", async () => {
    await edit("2026-05-01 10:00:05");
    expect(".modal-title").toHaveText("Changed meanwhile");
    expect.verifySteps([]);
    await contains(".modal footer .btn-primary").click();
    await animationFrame();
    expect.verifySteps(["saved"]);
});
