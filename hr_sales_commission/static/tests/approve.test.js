import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

describe.current.tags("desktop");
defineMailModels();

test("what was approved is taken back with one click", async () => {
    onRpc("hr.commission.line", "action_reset_to_draft", ({ args }) => {
        expect.step(args[0]);
        return true;
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "commission_approved",
        params: {
            title: "1 of 1 approved",
            message: "100 % approved",
            undo: {
                model: "hr.commission.line",
                ids: [7],
                method: "action_reset_to_draft",
                label: "Undo",
            },
        },
    });
    await animationFrame();
    expect(".o_notification_content").toHaveText("1 of 1 approved. 100 % approved");
    await contains(".o_notification button:contains(Undo)").click();
    await animationFrame();
    expect(".o_notification").toHaveCount(0);
    expect.verifySteps([[7]]);
});
