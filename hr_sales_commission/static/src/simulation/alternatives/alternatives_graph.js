import { registry } from "@web/core/registry";
import { GraphModel } from "@web/views/graph/graph_model";
import { graphView } from "@web/views/graph/graph_view";

/** Plans are alternatives: no chart puts one on top of another, or makes a whole of them. */
class AlternativesModel extends GraphModel {
    _buildMetaData(params) {
        const metaData = super._buildMetaData(params);
        const mode = metaData.mode === "pie" ? "bar" : metaData.mode;
        return { ...metaData, mode, stacked: false };
    }
}

registry.category("views").add("hr_commission_alternatives_graph", {
    ...graphView,
    Model: AlternativesModel,
    buttonTemplate: "hr_sales_commission.AlternativesGraph.Buttons",
});
