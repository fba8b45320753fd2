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
import "@hr_sales_commission/form/dispute_form";

describe.current.tags("desktop");

class Claim extends models.Model {
    decision_note = fields.Text();
    _records = [{ id: 1 }];
}

defineMailModels();
defineModels([Claim]);

test("a decision is confirmed once its grounds are there", async () => {
    onRpc("claim", "action_reject", ({ args }) => {
        expect.step(args[0]);
        return true;
    });
    await mountView({
        type: "form",
        resModel: "claim",
        resId: 1,
        arch: `<form js_class="commission_dispute_form">
                <header>
                    <button name="action_reject" type="object" string="Reject" confirm="Sure?"/>
                </header>
                <field name="decision_note"/>
            </form>`,
    });
    await click("button[name=action_reject]");
    await animationFrame();
    expect(".modal").toHaveCount(0);
    expect(".o_notification").toHaveText("Write down the grounds of the decision.");
    expect("[name=decision_note] textarea").toBeFocused();

    await contains("[name=decision_note] textarea").edit("Nobody met them", { confirm: false });
    await click("button[name=action_reject]");
    await animationFrame();
    expect(".modal-body").toHaveText("Sure?");
    await contains(".modal footer .btn-primary").click();
    await animationFrame();
    expect.verifySteps([[1]]);
});
