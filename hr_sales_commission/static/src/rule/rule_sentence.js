import { Component, onMounted, useRef } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { takeBlock } from "./rule_blocks";

/** A rule as a sentence; a click on a part goes to the field that it reads. */
export class RuleSentence extends Component {
    static template = "hr_sales_commission.RuleSentence";
    static props = { ...standardFieldProps };

    setup() {
        this.root = useRef("root");
        onMounted(() => {
            const block = takeBlock(); // that was dropped on the rule
            if (block) {
                this.goTo(block);
            }
        });
    }

    get parts() {
        return this.props.record.data[this.props.name] || [];
    }

    async goTo(name) {
        const form = this.root.el.closest(".o_form_renderer");
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
