import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** What may be put into a rule: the field that it is, with its name. Addons add theirs. */
export const ruleBlocks = registry.category("commission_rule_blocks");

for (const [sequence, [name, label]] of [
    ["tier_mode", _t("Brackets")],
    ["min_amount", _t("From an amount on")],
    ["cap", _t("Cap")],
    ["floor", _t("Floor")],
    ["score_period", _t("Times the score")],
    ["domain", _t("Condition on the lead")],
    ["employee_ids", _t("Only for some people")],
    ["customer_months_from", _t("Months of the customer")],
    ["season_from", _t("Season")],
    ["once", _t("Only once")],
    ["payout", _t("When it is due")],
    ["holdback_percent", _t("Holdback")],
].entries()) {
    ruleBlocks.add(name, { name, label }, { sequence: 10 * (sequence + 1) });
}

/** The block that was dropped on a rule, until the form of the rule is there. */
let dropped = null;

export function dropBlock(name) {
    dropped = name;
}

export function takeBlock() {
    const name = dropped;
    dropped = null;
    return name;
}
