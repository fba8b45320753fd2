import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { session } from "@web/session";

const PREFIX = "hr_sales_commission.";
const LINE = "hr_commission_line_menu";

/** Point to a menu, and to the page in it: what is there. */
function page(section, menu, content) {
    const click = (trigger) => ({ trigger, content, tooltipPosition: "bottom", run: "click" });
    return [
        click(`.o_menu_sections button[data-menu-xmlid='${PREFIX}hr_commission_menu_${section}']`),
        click(`.o-dropdown--menu [data-menu-xmlid='${PREFIX}${menu}']`),
    ];
}

const TOURS = {
    own: () => [
        {
            trigger: `.o_menu_sections [data-menu-xmlid='${PREFIX}hr_commission_board_menu_my']`,
            content: _t("What you earn, what is held and why, and when it is paid."),
            tooltipPosition: "bottom",
            run: "click",
        },
        ...page(
            "own",
            `${LINE}_own`,
            _t("Every commission with its reason. In its row, ask why, or contest it.")
        ),
        ...page(
            "own",
            "hr_commission_statement_menu_own",
            _t("Each month, for you to agree to and to print.")
        ),
        ...page(
            "own",
            "hr_commission_dispute_menu_own",
            _t("What you contested, and what was decided.")
        ),
    ],
    manager: () => [
        ...page(
            "commissions",
            `${LINE}_to_approve`,
            _t("What waits for your approval. Your own commissions never do.")
        ),
        ...page(
            "commissions",
            "crm_lead_menu_to_verify",
            _t("Customers whose source nobody has proved yet: look at the evidence and decide.")
        ),
        ...page(
            "commissions",
            "hr_commission_dispute_menu",
            _t("What people contest, with the money at stake on both sides.")
        ),
        ...page(
            "reporting",
            "hr_commission_board_menu_management",
            _t("Sources, teams and months compared. Every figure opens what it counts.")
        ),
    ],
    hr: () => [
        ...page(
            "configuration",
            "hr_commission_plan_menu_template",
            _t("Plans to start from, each with cases worked out.")
        ),
        ...page(
            "configuration",
            "hr_commission_plan_menu",
            _t("Your plans and their versions. Open one and try it on an example.")
        ),
        ...page(
            "configuration",
            "hr_commission_target_menu",
            _t("What people, teams and branches are to reach.")
        ),
        ...page(
            "operations",
            "hr_commission_closing_menu",
            _t("At the end of a month: statements, approvals and closing on one page.")
        ),
    ],
    payroll: () => [
        ...page(
            "commissions",
            "hr_commission_statement_menu",
            _t("What each person's month comes to.")
        ),
        ...page(
            "operations",
            "hr_commission_export_menu",
            _t("Files for another payroll: record them as paid, or take them back.")
        ),
        ...page(
            "operations",
            "hr_commission_export_wizard_menu",
            _t("Make such a file of what is approved and due.")
        ),
    ],
    auditor: () => [
        ...page("operations", "hr_commission_inspection_menu", _t("Where to look first, and why.")),
        ...page(
            "operations",
            "hr_commission_audit_menu",
            _t("What people changed by hand: who, when and for which reason.")
        ),
        ...page(
            "operations",
            "crm_touchpoint_menu",
            _t("Who brought each customer: a log that only grows.")
        ),
        ...page("commissions", LINE, _t("Every commission, with the plan it was paid by.")),
    ],
};

for (const [role, steps] of Object.entries(TOURS)) {
    registry.category("web_tour.tours").add(`commission_role_${role}`, { steps });
}

/**
 * Show somebody around in the pages of a role.
 *
 * Odoo goes on with tours of its other apps for everybody who has once begun one: who had
 * none before has none afterwards.
 *
 * @param {Object} tourService
 * @param {string} role one of TOURS
 */
export async function showAround(tourService, role) {
    await tourService.startTour(`commission_role_${role}`, { mode: "manual" });
    if (!session.tour_enabled) {
        await rpc("/web/dataset/call_kw/res.users/switch_tour_enabled", {
            model: "res.users",
            method: "switch_tour_enabled",
            args: [false],
            kwargs: {},
        });
    }
}
