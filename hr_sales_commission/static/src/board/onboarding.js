import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

/** The first steps: what to do, and the action where it is done. */
const STEPS = {
    plan: {
        label: _t("Choose a plan and put it in force"),
        action: "hr_sales_commission.hr_commission_plan_action_template",
    },
    roles: {
        label: _t("Say who is in marketing and who in sales"),
        action: "hr_sales_commission.hr_employee_action_commission_role",
    },
    sources: {
        label: _t("Say whose customers each source brings"),
        action: "hr_sales_commission.utm_source_action_commission",
    },
    history: {
        label: _t("Import past deals"),
        action: {
            type: "ir.actions.client",
            tag: "import",
            params: { active_model: "crm.lead", context: {} },
        },
    },
    simulation: {
        label: _t("Simulate what the plan would have paid"),
        action: "hr_sales_commission.hr_commission_simulation_action",
    },
};

/** The first steps of a company, until they are done or the reader dismisses them. */
export class Onboarding extends Component {
    static template = "hr_sales_commission.Onboarding";
    static props = { steps: Array };

    setup() {
        this.actionService = useService("action");
        this.steps = STEPS;
        this.state = useState({ isDismissed: false });
    }

    async dismiss() {
        this.state.isDismissed = true;
        await user.setUserSettings("is_commission_onboarding_dismissed", true);
    }
}
