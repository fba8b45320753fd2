import { registry } from "@web/core/registry";

/**
 * Asks what winning opportunities would pay: for all cards that ask in one moment with
 * one call, so that the cards of the pipeline do not wait for it.
 */
export const commissionEstimateService = {
    dependencies: ["orm"],
    start(env, { orm }) {
        let asking = null;

        async function ask() {
            const askers = asking;
            asking = null;
            const ids = [...new Set(askers.map(({ leadId }) => leadId))];
            const estimates = await orm.silent.call("crm.lead", "get_commission_estimates", [ids]);
            for (const { leadId, tell } of askers) {
                tell(estimates[leadId] || null);
            }
        }

        return {
            /**
             * @param {number} leadId
             * @param {(estimate: Object|null) => void} tell called with the answer
             */
            ask(leadId, tell) {
                if (!asking) {
                    asking = [];
                    setTimeout(ask);
                }
                asking.push({ leadId, tell });
            },
        };
    },
};

registry.category("services").add("hr_commission_estimate", commissionEstimateService);
