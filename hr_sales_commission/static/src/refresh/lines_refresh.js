import { Component, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useLinesChanged } from "./lines_changed";

/**
 * Shows the commissions of a deal on its form as soon as they are computed: that is a
 * moment after it is won. A form that is being edited is left alone.
 */
export class LinesRefresh extends Component {
    static template = xml``;
    static props = { ...standardWidgetProps };

    setup() {
        useLinesChanged(() => this.refresh());
    }

    async refresh() {
        const { record } = this.props;
        if (record.resId && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("commission_lines_refresh", { component: LinesRefresh });
