import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { press, queryAll } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import "@hr_sales_commission/focus/focus_back";

describe.current.tags("desktop");

class Paper extends models.Model {
    name = fields.Char();
    _records = [
        { id: 1, name: "First" },
        { id: 2, name: "Second" },
    ];
}

defineMailModels();
defineModels([Paper]);

test("by keyboard one is back at the button of the row whose act is done", async () => {
    onRpc("paper", "action_explain", ({ args }) => {
        expect.step(args[0]);
        return true;
    });
    await mountView({
        type: "list",
        resModel: "paper",
        arch: `<list js_class="commission_list">
                <field name="name"/>
                <button name="action_explain" type="object" string="Why"/>
            </list>`,
    });
    const second = () => queryAll(".o_data_row button[name=action_explain]")[1];
    second().focus();
    await press("Enter");
    await animationFrame();
    expect.verifySteps([[2]]);
    document.activeElement.blur();
    await advanceTime(200);
    expect(second()).toBeFocused();
});
