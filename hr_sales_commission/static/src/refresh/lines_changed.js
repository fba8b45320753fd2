import { onWillUnmount } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

const LINES_CHANGED = "hr_commission/lines_changed";

/** Call back whenever commissions of the user change, as long as the component is there. */
export function useLinesChanged(callback) {
    const bus = useService("bus_service");
    bus.subscribe(LINES_CHANGED, callback);
    onWillUnmount(() => bus.unsubscribe(LINES_CHANGED, callback));
}
