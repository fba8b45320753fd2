import { Component, onMounted, onWillStart, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { cookie } from "@web/core/browser/cookie";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { formatList } from "@web/core/l10n/utils";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { showAround } from "../tours/role_tours";

const SAMPLE = "hr.commission.sample";

/** The first steps: what to do, what it is good for, and the action where it is done. */
const STEPS = {
    plan: {
        label: _t("Choose a plan and put it in force"),
        help: _t("A plan says what is paid for a qualified lead and for a signed deal."),
        action: "hr_sales_commission.hr_commission_plan_action_template",
    },
    roles: {
        label: _t("Say who is in marketing and who in sales"),
        help: _t("The role decides which rules of the plan pay somebody."),
        action: "hr_sales_commission.hr_employee_action_commission_role",
    },
    sources: {
        label: _t("Say whose customers each source brings"),
        help: _t("New leads then know by themselves whether marketing brought them."),
        action: "hr_sales_commission.utm_source_action_commission",
    },
    start: {
        label: _t("Choose the day commissions start on"),
        help: _t("What was won before pays nothing, unless you import it on purpose."),
        action: "hr_sales_commission.hr_commission_start_action",
    },
    history: {
        label: _t("Import past deals"),
        help: _t("Boards and simulations start with what you have, not with nothing."),
        action: {
            type: "ir.actions.client",
            tag: "import",
            params: { active_model: "crm.lead", context: {} },
        },
    },
    simulation: {
        label: _t("Simulate what the plan would have paid"),
        help: _t("Who would get more and who less, before anybody is promised anything."),
        action: "hr_sales_commission.hr_commission_simulation_action",
    },
};

/** Whom a tour shows around. */
const ROLES = {
    own: _t("Salesperson or marketer"),
    manager: _t("Branch manager"),
    hr: _t("HR"),
    payroll: _t("Payroll officer"),
    auditor: _t("Auditor"),
};

/** The first steps of a company, and sample data to look around in. */
export class Onboarding extends Component {
    static template = "hr_sales_commission.Onboarding";
    static props = {
        steps: Array,
        sample: { type: Object, optional: true },
        canDismiss: { type: Boolean, optional: true },
        onClosed: { type: Function, optional: true },
    };
    static defaultProps = { sample: {}, canDismiss: true };

    setup() {
        this.actionService = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.steps = STEPS;
        this.state = useState({ isDismissed: false, isBusy: false });
    }

    /** Open a step where it is done: what was begun goes on. */
    openStep({ id, done, resume }) {
        if (done || !resume) {
            return this.actionService.doAction(STEPS[id].action, {
                onClose: this.props.onClosed,
            });
        }
        return this.actionService.doAction({
            type: "ir.actions.act_window",
            res_model: resume.model,
            res_id: resume.id,
            views: [[false, "form"]],
        });
    }

    /** What a step is good for; of what was begun, with what it goes on. */
    stepHelp({ id, done, resume }) {
        return resume && !done
            ? _t("Begun: %(name)s. Go on where it was left.", { name: resume.name })
            : STEPS[id].help;
    }

    /** Whom to ask for a step that others have to do. */
    askText({ who }) {
        return who?.length
            ? _t("(ask %(names)s)", { names: formatList(who, { style: "or" }) })
            : _t("(ask an administrator for somebody with the rights)");
    }

    get progress() {
        const done = this.props.steps.filter((step) => step.done).length;
        return { done, total: this.props.steps.length };
    }

    get progressText() {
        return _t("%(done)s of %(total)s done", this.progress);
    }

    async dismiss() {
        this.state.isDismissed = true;
        await user.setUserSettings("is_commission_onboarding_dismissed", true);
    }

    /** Make the sample company, if there is none, and look at it. */
    async openSample() {
        const companyId = await this.call("action_create");
        cookie.set("cids", `${companyId}`); // not in the session yet: after the reload
        browser.location.reload();
    }

    askToRemoveSample() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Remove the sample data?"),
            body: _t(
                "The sample company is deleted with everything in it, also what you entered there yourself. Your own companies stay as they are."
            ),
            confirmLabel: _t("Remove"),
            confirm: () => this.removeSample(),
            cancel: () => {},
        });
    }

    async removeSample() {
        const sampleId = user.activeCompany.id;
        if (!(await this.call("action_remove"))) {
            this.notification.add(
                _t(
                    "Commissions were approved in the sample company, or another app keeps records there. It is archived with them."
                ),
                { type: "warning" }
            );
        }
        const others = user.allowedCompanies.filter(({ id }) => id !== sampleId);
        await user.activateCompanies([others[0].id]);
    }

    async call(method) {
        this.state.isBusy = true;
        try {
            return await this.orm.call(SAMPLE, method, []);
        } finally {
            this.state.isBusy = false;
        }
    }
}

/** The first steps as a page, for those who dismissed or finished them. */
export class FirstSteps extends Component {
    static template = "hr_sales_commission.FirstSteps";
    static components = { Layout, Onboarding };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.actionService = useService("action");
        this.effect = useService("effect");
        this.tourService = useService("tour_service");
        this.roles = ROLES;
        this.display = { controlPanel: {} };
        onWillStart(() => this.load());
        onMounted(() => this.celebrate());
    }

    async load() {
        this.data = await this.orm.call("hr.commission.board", "get_first_steps", []);
    }

    /** A step was done in a dialog: it is ticked, and the last one celebrated, at once. */
    async refresh() {
        await this.load();
        this.render();
        this.celebrate();
    }

    get isDone() {
        const { onboarding } = this.data;
        return onboarding.length > 0 && onboarding.every(({ done }) => done);
    }

    /** Once for each person and device. */
    celebrate() {
        const key = `hr_commission.first_steps.celebrated.${user.userId}`;
        if (!this.isDone || browser.localStorage.getItem(key)) {
            return;
        }
        browser.localStorage.setItem(key, "1");
        this.effect.add({
            type: "rainbow_man",
            message: _t("All first steps are done: commissions compute themselves now."),
        });
    }

    showAround(role) {
        return showAround(this.tourService, role);
    }

    openBoard() {
        return this.actionService.doAction(
            "hr_sales_commission.hr_commission_board_management_action"
        );
    }

    openClosing() {
        return this.actionService.doAction("hr_sales_commission.hr_commission_closing_action");
    }
}

registry.category("actions").add("hr_sales_commission.first_steps", FirstSteps, { force: true });
