import { useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";
import { RuleSections } from "./rule_sections";

/** Rows of a record: the dialog of a row says whose it is, not “Open: Rows”. */
export class RowsField extends X2ManyField {
    setup() {
        super.setup();
        const openRecord = this._openRecord;
        this._openRecord = (params) => openRecord({ ...params, title: this.getTitle() });
    }

    getTitle() {
        const { record, name } = this.props;
        const rows = record.fields[name].string;
        const whose = record.data.display_name;
        return whose ? _t("%(rows)s of %(whose)s", { rows, whose }) : rows;
    }
}

/** The rules of a plan: a list, or sections that rules and blocks are dragged into. */
export class RulesField extends RowsField {
    static template = "hr_sales_commission.RulesField";
    static components = { ...RowsField.components, RuleSections };

    setup() {
        super.setup();
        this.state = useState({ isArranging: false });
    }

    get canArrange() {
        return !this.props.readonly && this.list.count > 0;
    }

    getTitle() {
        const name = this.props.record.data.name;
        return name ? _t("Rule of %s", name) : _t("Rule of a new plan");
    }
}

const fields = registry.category("fields");
fields.add("commission_rows", { ...x2ManyField, component: RowsField });
fields.add("commission_rules", { ...x2ManyField, component: RulesField });
