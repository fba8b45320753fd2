import { useSubEnv } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formView } from "@web/views/form/form_view";
import { CheckedFormController } from "./checked_form";

const DECISIONS = ["action_accept", "action_reject"];
const GROUNDS = "decision_note";

/** Grounds are asked for first, and then whether the decision is meant. */
export class DisputeFormController extends CheckedFormController {
    setup() {
        super.setup();
        this.notification = useService("notification");
        const { onClickViewButton } = this.env;
        useSubEnv({
            onClickViewButton: async (click) => {
                const decides = DECISIONS.includes(click.clickParams.name);
                if (!decides || (await this.hasGrounds())) {
                    return onClickViewButton(click);
                }
            },
        });
    }

    /** @returns {Promise<boolean>} whether grounds are there; else shows where they belong */
    async hasGrounds() {
        const record = this.model.root;
        await record.isDirty(); // takes over what is being typed
        if (record.data[GROUNDS]?.trim()) {
            return true;
        }
        this.notification.add(_t("Write down the grounds of the decision."), { type: "danger" });
        this.rootRef.el.querySelector(`[name=${GROUNDS}] :is(textarea, input)`)?.focus();
        return false;
    }
}

registry.category("views").add("commission_dispute_form", {
    ...formView,
    Controller: DisputeFormController,
});
