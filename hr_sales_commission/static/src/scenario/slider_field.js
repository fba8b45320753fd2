import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";

/** A number that is pushed back and forth, or typed where it is beyond the slider. */
export class SliderField extends FloatField {
    static template = "hr_sales_commission.SliderField";
    static props = {
        ...FloatField.props,
        max: { type: Number, optional: true },
        unit: { type: Number, optional: true },
    };
    static defaultProps = { ...FloatField.defaultProps, max: 200, unit: 5 };

    get label() {
        return this.props.record.fields[this.props.name].string;
    }

    onSlide(ev) {
        return this.props.record.update({ [this.props.name]: Number(ev.target.value) });
    }
}

registry.category("fields").add("commission_slider", {
    ...floatField,
    component: SliderField,
    extractProps: (field, dynamicInfo) => ({
        ...floatField.extractProps(field, dynamicInfo),
        max: field.options.max,
        unit: field.options.unit,
    }),
});
