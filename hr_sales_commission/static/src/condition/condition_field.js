import { DomainSelector } from "@web/core/domain_selector/domain_selector";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { DomainField, domainField } from "@web/views/fields/domain/domain_field";
import { onWillStart } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

/** What may be asked: names of fields by model, read once a page. */
let askable = null;

/** The editor of domains, with the fields that a condition may ask and no others. */
export class ConditionSelector extends DomainSelector {
    setup() {
        super.setup();
        const orm = useService("orm");
        onWillStart(async () => {
            askable ??= orm.call("hr.commission.condition", "get_askable_fields", []);
            this.askable = await askable;
        });
    }

    getPathEditorInfo(resModel, defaultCondition) {
        const info = super.getPathEditorInfo(resModel, defaultCondition);
        const extractProps = info.extractProps;
        return {
            ...info,
            extractProps: (params) => ({
                ...extractProps(params),
                filter: (field, path, model) =>
                    field.is_property ||
                    Boolean(
                        field.searchable && this.askable[model || resModel]?.includes(field.name)
                    ),
            }),
        };
    }
}

export class ConditionField extends DomainField {
    static components = { ...DomainField.components, DomainSelector: ConditionSelector };
}

registry.category("fields").add("commission_condition", {
    ...domainField,
    component: ConditionField,
    displayName: _t("Condition of a commission plan"),
});
