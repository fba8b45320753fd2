import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { browser } from "@web/core/browser/browser";
import { cookie } from "@web/core/browser/cookie";
import { getDefaultConfig } from "@web/views/view";
import { user } from "@web/core/user";
import {
    contains,
    mockService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { FirstSteps, Onboarding } from "@hr_sales_commission/board/onboarding";

describe.current.tags("desktop");
defineMailModels();

const STEPS = [{ id: "plan", done: true, can_open: true }];

/** Mount the panel; what it reloads and asks the server for are steps. */
async function mountPanel(sample, answer = true) {
    onRpc("hr.commission.sample", "*", ({ method }) => {
        expect.step(method);
        return answer;
    });
    patchWithCleanup(browser.location, { reload: () => expect.step("reload") });
    await mountWithCleanup(Onboarding, { props: { steps: STEPS, sample } });
}

describe("First steps", () => {
    test("one click opens the sample company", async () => {
        await mountPanel({ can_create: true, is_current: false }, 42);
        expect(".o_commission_sample").toHaveCount(0);
        await contains(".o_commission_try button").click();
        await animationFrame();
        expect(cookie.get("cids")).toBe("42");
        expect.verifySteps(["action_create", "reload"]);
    });

    test("sample data is removed after a question", async () => {
        patchWithCleanup(user, {
            activeCompany: { id: 42 },
            allowedCompanies: [{ id: 42 }, { id: 7 }],
            activateCompanies: async (ids) => expect.step(`company ${ids}`),
        });
        await mountPanel({ can_create: true, is_current: true });
        expect(".o_commission_try").toHaveCount(0);
        await contains(".o_commission_sample button").click();
        expect.verifySteps([]);
        await contains(".modal .btn-primary").click();
        await animationFrame();
        expect.verifySteps(["action_remove", "company 7"]);
    });

    test("says when something has to be kept", async () => {
        patchWithCleanup(user, {
            activeCompany: { id: 42 },
            allowedCompanies: [{ id: 42 }, { id: 7 }],
            activateCompanies: async () => {},
        });
        await mountPanel({ can_create: true, is_current: true }, false);
        await contains(".o_commission_sample button").click();
        await contains(".modal .btn-primary").click();
        await animationFrame();
        expect(".o_notification").toHaveText(/It is archived/);
        expect.verifySteps(["action_remove"]);
    });

    test("the end is celebrated once, with what comes next", async () => {
        const opened = [];
        mockService("action", { doAction: async (action) => opened.push(action) });
        mockService("effect", { add: ({ type }) => expect.step(type) });
        onRpc("hr.commission.board", "get_first_steps", () => ({
            onboarding: STEPS,
            sample: {},
            guides: [],
        }));
        const mountPage = () =>
            mountWithCleanup(FirstSteps, {
                props: { action: {}, actionId: 1 },
                componentEnv: { config: getDefaultConfig() },
            });
        await mountPage();
        await contains(".o_commission_all_done .btn-secondary").click();
        expect(opened).toEqual(["hr_sales_commission.hr_commission_closing_action"]);
        await mountPage();
        expect.verifySteps(["rainbow_man"]);
    });

    test("a step that was done in a dialog is ticked at once", async () => {
        mockService("action", { doAction: (action, { onClose }) => onClose() });
        mockService("effect", { add: ({ type }) => expect.step(type) });
        let done = false;
        onRpc("hr.commission.board", "get_first_steps", () => ({
            onboarding: [{ id: "start", done, can_open: true }],
            sample: {},
            guides: [],
        }));
        await mountWithCleanup(FirstSteps, {
            props: { action: {}, actionId: 1 },
            componentEnv: { config: getDefaultConfig() },
        });
        expect(".o_commission_all_done").toHaveCount(0);
        done = true;
        await contains(".o_commission_onboarding .btn-link").click();
        await animationFrame();
        expect(".o_commission_all_done").toHaveCount(1);
        expect.verifySteps(["rainbow_man"]);
    });

    test("others see that it is sample data, without buttons", async () => {
        await mountPanel({ can_create: false, is_current: true });
        expect(".o_commission_sample").toHaveCount(1);
        expect(".o_commission_sample button").toHaveCount(0);
        expect(".o_commission_try").toHaveCount(0);
    });
});
