import { registry } from "@web/core/registry";

/** Tell what was approved, with a button that takes it back. */
function tellApproved(env, { params }) {
    const { message, undo, next, ...options } = params;
    const takeBack = async () => {
        close();
        await env.services.orm.call(undo.model, undo.method, [undo.ids]);
        await env.services.action.doAction({ type: "ir.actions.client", tag: "soft_reload" });
    };
    const close = env.services.notification.add(message, {
        ...options,
        autocloseDelay: 10000,
        buttons: [{ name: undo.label, onClick: takeBack }],
    });
    return next;
}

registry.category("actions").add("commission_approved", tellApproved);
