import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { click, manuallyDispatchProgrammaticEvent, queryOne, setInputRange } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import "@hr_sales_commission/scenario/slider_field";

describe.current.tags("desktop");

class Paper extends models.Model {
    volume = fields.Float({
        string: "Volume",
        onChange: (record) => {
            record.pay = record.volume * 10;
        },
    });
    pay = fields.Float();
    _records = [{ id: 1, volume: 100, pay: 1000 }];
}

defineMailModels();
defineModels([Paper]);

const slider = () => queryOne("input[type=range]");

async function mountSlider() {
    onRpc("paper", "web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await mountView({
        type: "form",
        resModel: "paper",
        resId: 1,
        arch: `<form>
                <field name="volume" widget="commission_slider" options="{'max': 120}"/>
                <field name="pay"/>
            </form>`,
    });
}

test("sliding changes the number, what comes of it, and what is stored", async () => {
    await mountSlider();
    expect(slider()).toHaveValue(100);
    expect(slider()).toHaveAttribute("aria-label", "Volume");
    await setInputRange(slider(), 115);
    await animationFrame();
    expect("[name=volume] input[type=text]").toHaveValue("115.00");
    expect("[name=pay] input").toHaveValue("1,150.00");
    await click(".o_form_button_save");
    await animationFrame();
    expect.verifySteps([{ volume: 115, pay: 1150 }]);
});

test("an arrow key moves by one step, never beyond the ends", async () => {
    await mountSlider();
    for (const expected of ["105.00", "110.00", "115.00", "120.00", "120.00"]) {
        slider().stepUp(); // what the browser does for an arrow key
        await manuallyDispatchProgrammaticEvent(slider(), "input");
        await animationFrame();
        expect("[name=volume] input[type=text]").toHaveValue(expected);
    }
    expect(slider()).toHaveAttribute("min", "0");
});

test("a typed number moves the slider, up to its end", async () => {
    await mountSlider();
    await contains("[name=volume] input[type=text]").edit("40");
    expect(slider()).toHaveValue(40);
    await contains("[name=volume] input[type=text]").edit("150");
    expect(slider()).toHaveValue(120);
    expect("[name=pay] input").toHaveValue("1,500.00");
    await click(".o_form_button_save");
    await animationFrame();
    expect.verifySteps([{ volume: 150, pay: 1500 }]);
});
