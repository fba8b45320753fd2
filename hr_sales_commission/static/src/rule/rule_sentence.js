import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A rule as a sentence; a click on a part goes to the field that it reads. */
export class RuleSentence extends Component {
    static template = "hr_sales_commission.RuleSentence";
    static props = { ...standardFieldProps };

    get parts() {
        return this.props.record.data[this.props.name] || [];
    }

    async goTo(ev, name) {
        const form = ev.target.closest(".o_form_renderer");
        const find = () => form.querySelector(`.o_field_widget[name="${name}"]`);
        for (const tab of form.querySelectorAll(".o_notebook .nav-link")) {
            if (find()) {
                break;
            }
            tab.click();
            await new Promise(requestAnimationFrame);
        }
        const field = find();
        field?.scrollIntoView({ block: "center" });
        field?.querySelector("input, select, button, .o_input, a")?.focus();
    }
}

registry.category("fields").add("commission_sentence", {
    component: RuleSentence,
    supportedTypes: ["json"],
});
