import { isMobileOS } from "@web/core/browser/feature_detection";
import { FileInput } from "@web/core/file_input/file_input";
import { registry } from "@web/core/registry";
import {
    Many2ManyBinaryField,
    many2ManyBinaryField,
} from "@web/views/fields/many2many_binary/many2many_binary_field";

/** Opens the camera of a telephone instead of its files. */
export class CameraInput extends FileInput {
    static template = "hr_sales_commission.CameraInput";
}

/** Attachments that prove something: files, or on a telephone a photo of a paper. */
export class EvidenceField extends Many2ManyBinaryField {
    static template = "hr_sales_commission.EvidenceField";
    static components = { ...Many2ManyBinaryField.components, CameraInput };

    get hasCamera() {
        return isMobileOS();
    }
}

registry.category("fields").add("commission_evidence", {
    ...many2ManyBinaryField,
    component: EvidenceField,
});
