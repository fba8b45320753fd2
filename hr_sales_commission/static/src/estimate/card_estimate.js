import { Component, status, useEffect, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** What winning the opportunity would pay, on its card: loaded after the cards. */
export class CardEstimate extends Component {
    static template = "hr_sales_commission.CardEstimate";
    static props = { ...standardWidgetProps };

    setup() {
        this.estimates = useService("hr_commission_estimate");
        this.actionService = useService("action");
        this.orm = useService("orm");
        this.state = useState({ estimate: null });
        useEffect(
            () => this.load(),
            () => {
                const { resId, data } = this.props.record;
                return [
                    resId,
                    data.expected_revenue,
                    data.prorated_revenue,
                    data.won_status,
                    data.user_id?.id,
                ];
            }
        );
    }

    load() {
        const { model, resId } = this.props.record;
        if (!resId || model.useSampleModel) {
            return;
        }
        this.estimates.ask(resId, (estimate) => {
            if (status(this) !== "destroyed" && this.props.record.resId === resId) {
                this.state.estimate = estimate;
            }
        });
    }

    get title() {
        const { others, hints } = this.state.estimate;
        return [...others, ...hints, _t("Why this, or why nothing?")].join("\n");
    }

    /** Answer why: the same dialog as from the deal and from a commission. */
    async explain() {
        const { resModel, resId } = this.props.record;
        this.actionService.doAction(await this.orm.call(resModel, "action_explain", [[resId]]));
    }
}

registry.category("view_widgets").add("commission_estimate", { component: CardEstimate });
