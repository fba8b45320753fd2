import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/** The rules of a plan: their dialog says of which. */
export class RulesField extends X2ManyField {
    setup() {
        super.setup();
        const openRecord = this._openRecord;
        this._openRecord = (params) => openRecord({ ...params, title: this.getTitle() });
    }

    getTitle() {
        const name = this.props.record.data.name;
        return name ? _t("Rule of %s", name) : _t("Rule of a new plan");
    }
}

registry.category("fields").add("commission_rules", { ...x2ManyField, component: RulesField });
