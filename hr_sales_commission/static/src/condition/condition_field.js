import { DomainSelector } from "@web/core/domain_selector/domain_selector";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { DomainField, domainField } from "@web/views/fields/domain/domain_field";
import { onWillStart } from "@odoo/owl";
import { sortBy } from "@web/core/utils/arrays";
import { useService } from "@web/core/utils/hooks";

/** What may be asked: names of fields by model, read once a page. */
let askable = null;

/** What plans ask most, of leads, customers and products: offered first, in this order. */
const ASKED_MOST = [
    "commission_source",
    "expected_revenue",
    "team_id",
    "user_id",
    "source_id",
].concat(
    ["campaign_id", "medium_id", "tag_ids", "stage_id", "need_fit", "priority", "partner_id"],
    ["country_id", "state_id", "industry_id", "category_id", "categ_id", "product_tag_ids"],
    ["default_code", "name"]
);

/** Names of fields: those that matter to plans, then the others by their label. */
export function sortFields(fieldDefs) {
    const first = ASKED_MOST.filter((name) => name in fieldDefs);
    const others = Object.keys(fieldDefs).filter((name) => !first.includes(name));
    return [...first, ...sortBy(others, (name) => fieldDefs[name].string)];
}

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
                sort: sortFields,
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
