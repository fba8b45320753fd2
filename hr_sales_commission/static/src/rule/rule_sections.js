import { Component, useRef } from "@odoo/owl";
import { useDraggable } from "@web/core/utils/draggable";
import { useSortable } from "@web/core/utils/sortable_owl";
import { dropBlock, ruleBlocks } from "./rule_blocks";

/** Rules by whom they pay: dragged from one section to another, blocks dragged into them. */
export class RuleSections extends Component {
    static template = "hr_sales_commission.RuleSections";
    static props = { list: Object, openRule: Function };

    setup() {
        this.root = useRef("root");
        useSortable({
            ref: this.root,
            elements: ".o_commission_card",
            groups: ".o_commission_section",
            connectGroups: true,
            cursor: "grabbing",
            onDrop: (params) => this.moveRule(params),
        });
        useDraggable({
            ref: this.root,
            elements: ".o_commission_block",
            cursor: "grabbing",
            onDrop: ({ element, x, y }) => this.addBlock(element.dataset.name, { x, y }),
        });
    }

    get blocks() {
        return ruleBlocks.getAll();
    }

    /** The roles that rules may pay, each with its rules in their order. */
    get sections() {
        const { fields, records } = this.props.list;
        return fields.role.selection.map(([code, label]) => ({
            code,
            label,
            rules: records.filter((rule) => rule.data.role === code),
        }));
    }

    find(id) {
        return this.props.list.records.find((rule) => rule.id === id);
    }

    async moveRule({ element, parent, previous }) {
        const { list } = this.props;
        const { id } = element.dataset;
        await this.find(id).update({ role: parent.dataset.role });
        if (list.canResequence()) {
            await list.resequence(id, previous?.dataset.id ?? null);
        }
    }

    addBlock(name, { x, y }) {
        // by place: while something is dragged nothing takes pointer events
        const cards = [...this.root.el.querySelectorAll(".o_commission_card")];
        const card = cards.find((el) => {
            const { left, right, top, bottom } = el.getBoundingClientRect();
            return left <= x && x <= right && top <= y && y <= bottom;
        });
        if (card) {
            this.openAt(this.find(card.dataset.id), name);
        }
    }

    openAt(rule, name) {
        dropBlock(name);
        return this.props.openRule(rule);
    }
}
