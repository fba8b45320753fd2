import { loadBundle } from "@web/core/assets";
import { registry } from "@web/core/registry";

const BUNDLE = "hr_sales_commission.assets_board";
const BOARDS = ["my_commissions", "management_board", "first_steps"];

/**
 * Load the boards when one is opened first: who never does needs none of them.
 *
 * The bundle puts the boards in the place of these actions.
 */
function registerLoader(tag) {
    const actions = registry.category("actions");
    const load = async (env, action) => {
        await loadBundle(BUNDLE);
        if (actions.get(tag) === load) {
            throw new Error(`${BUNDLE} has no action ${tag}`);
        }
        return action; // once more, now by the board itself
    };
    actions.add(tag, load);
}

for (const board of BOARDS) {
    registerLoader(`hr_sales_commission.${board}`);
}
