import { ruleBlocks } from "@hr_sales_commission/rule/rule_blocks";
import { _t } from "@web/core/l10n/translation";

// what rules on orders, invoices and payments may ask besides
for (const [name, label] of [
    ["product_domain", _t("Only some products")],
    ["customer_kind", _t("First sale or repurchase")],
    ["margin_percent_min", _t("From a margin on")],
    ["collected_within", _t("Collected in time")],
]) {
    ruleBlocks.add(name, { name, label }, { sequence: 200 });
}
