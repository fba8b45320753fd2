import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { press, queryAll } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import "@hr_sales_commission/focus/focus_back";
import "@hr_sales_commission/form/checked_form";

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

test("when the act on a record is done the next record is one key away", async () => {
    onRpc("paper", "action_approve", function () {
        this.env.paper.write([1], { name: "Approved" });
        return true;
    });
    await mountView({
        type: "form",
        resModel: "paper",
        resId: 1,
        resIds: [1, 2],
        arch: `<form js_class="commission_checked_form">
                <header>
                    <button name="action_approve" type="object" string="Approve"
                        invisible="name == 'Approved'"/>
                </header>
                <field name="name"/>
            </form>`,
    });
    const approve = queryAll("button[name=action_approve]")[0];
    approve.focus();
    await press("Enter");
    await animationFrame();
    document.activeElement.blur();
    await advanceTime(200);
    expect("button[name=action_approve]").toHaveCount(0);
    expect(".o_pager_next").toBeFocused();
});

test("by keyboard one is back at a button that is still busy once it can be pressed", async () => {
    onRpc("paper", "action_explain", () => true);
    await mountView({
        type: "form",
        resModel: "paper",
        resId: 1,
        resIds: [1, 2],
        arch: `<form js_class="commission_checked_form">
                <header><button name="action_explain" type="object" string="Why"/></header>
                <field name="name"/>
            </form>`,
    });
    const why = () => queryAll("button[name=action_explain]")[0];
    why().focus();
    await press("Enter");
    await animationFrame();
    why().disabled = true;
    document.activeElement.blur();
    await advanceTime(200);
    expect(".o_pager_next").not.toBeFocused();
    why().disabled = false;
    await advanceTime(200);
    expect(why()).toBeFocused();
});
