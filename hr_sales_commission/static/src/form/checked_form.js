import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { useFocusBack } from "../focus/focus_back";

/** Two tabs never overwrite each other silently: the later one is asked first. */
export class CheckedFormController extends FormController {
    setup() {
        super.setup();
        useFocusBack(this.rootRef, this.props.resModel);
    }

    async onWillSaveRecord(record) {
        const seen = record.data.write_date;
        if (record.resId && seen) {
            const [{ write_date }] = await this.orm.read(
                record.resModel,
                [record.resId],
                ["write_date"]
            );
            if (write_date > serializeDateTime(seen) && !(await this.askToOverwrite())) {
                return false;
            }
        }
        return super.onWillSaveRecord(...arguments);
    }

    /** @returns {Promise<boolean>} whether to save over what was changed meanwhile */
    askToOverwrite() {
        return new Promise((resolve) => {
            this.dialogService.add(
                ConfirmationDialog,
                {
                    title: _t("Changed meanwhile"),
                    body: _t(
                        "Somebody saved this in another window since you opened it. Save yours over it?"
                    ),
                    confirmLabel: _t("Save Mine"),
                    confirm: () => resolve(true),
                    cancelLabel: _t("Go Back"),
                    cancel: () => resolve(false),
                },
                { onClose: () => resolve(false) }
            );
        });
    }
}

registry.category("views").add("commission_checked_form", {
    ...formView,
    Controller: CheckedFormController,
});
