import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    MockServer,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Deal extends models.Model {
    name = fields.Char();
    amount = fields.Integer();
    _records = [{ id: 1, name: "Robot cell", amount: 0 }];
}

describe.current.tags("desktop");
defineMailModels();
defineModels([Deal]);

let notify;

beforeEach(() => {
    mockService("bus_service", {
        subscribe(type, callback) {
            if (type === "hr_commission/lines_changed") {
                notify = callback;
            }
        },
        unsubscribe() {},
    });
    onRpc("deal", "web_read", () => expect.step("read"));
});

async function mountDeal(resId) {
    await mountView({
        type: "form",
        resModel: "deal",
        resId,
        arch: `<form><widget name="commission_lines_refresh"/><field name="name"/><field name="amount"/></form>`,
    });
}

test("a form shows commissions as soon as they are computed", async () => {
    await mountDeal(1);
    expect.verifySteps(["read"]);
    MockServer.env["deal"].write([1], { amount: 400 });
    notify({});
    await animationFrame();
    expect.verifySteps(["read"]);
    expect(".o_field_widget[name='amount'] input").toHaveValue("400");
});

test("a form that is being edited is left alone", async () => {
    await mountDeal(1);
    await contains(".o_field_widget[name='name'] input").edit("Two robot cells", {
        confirm: false,
    });
    notify({});
    await animationFrame();
    expect.verifySteps(["read"]);
    expect(".o_field_widget[name='name'] input").toHaveValue("Two robot cells");
});

test("a new record has nothing to read", async () => {
    await mountDeal();
    notify({});
    await animationFrame();
    expect.verifySteps([]);
});
