import { Component, onWillUnmount, status, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { localization } from "@web/core/l10n/localization";

/** Bars by month, with the same in words for those who do not see them. */
export class BoardChart extends Component {
    static template = "hr_sales_commission.BoardChart";
    static props = {
        label: String,
        months: Array,
        datasets: Array,
        format: { type: Function, optional: true }, // of the numbers, where no table has them
        isStacked: { type: Boolean, optional: true },
    };

    setup() {
        this.canvasRef = useRef("canvas");
        this.chart = null;
        useEffect(
            () => {
                this.draw();
            },
            () => [JSON.stringify([this.props.months, this.props.datasets])]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    async draw() {
        await loadBundle("web.chartjs_lib"); // the figures do not wait for it
        if (status(this) === "destroyed") {
            return;
        }
        const { months, datasets, isStacked } = this.props;
        const rtl = localization.direction === "rtl";
        this.chart?.destroy();
        this.chart = new Chart(this.canvasRef.el, {
            type: "bar",
            data: { labels: months, datasets },
            options: {
                maintainAspectRatio: false,
                plugins: { legend: { rtl }, tooltip: { rtl } },
                scales: {
                    x: { stacked: isStacked, reverse: rtl },
                    y: {
                        stacked: isStacked,
                        beginAtZero: true,
                        position: rtl ? "right" : "left",
                        ticks: { precision: 0 },
                    },
                },
            },
        });
    }
}
