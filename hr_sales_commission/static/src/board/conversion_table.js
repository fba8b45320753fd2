import { Component } from "@odoo/owl";

/** How many leads qualified and how many of them are won, by something. */
export class ConversionTable extends Component {
    static template = "hr_sales_commission.ConversionTable";
    static props = { rows: Array, formatRate: Function, open: Function };
}
