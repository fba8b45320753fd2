import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { manuallyDispatchProgrammaticEvent } from "@odoo/hoot-dom";
import {
    defineModels,
    fields,
    getFacetTexts,
    models,
    mountView,
    toggleMenuItem,
    toggleSearchBarMenu,
} from "@web/../tests/web_test_helpers";
import { readKept } from "@hr_sales_commission/search/kept_search";

describe.current.tags("desktop");

class Paper extends models.Model {
    name = fields.Char();
    _records = [{ id: 1, name: "First" }];
}

defineMailModels();
defineModels([Paper]);

const KANBAN = `<kanban><templates><t t-name="card"><field name="name"/></t></templates></kanban>`;
const LIST = {
    type: "list",
    resModel: "paper",
    arch: `<list><field name="name"/></list>`,
    config: { actionXmlId: "hr_sales_commission.paper_action" },
    searchViewArch: `<search><filter name="first" string="First" domain="[('name', '=', 'First')]"/></search>`,
};

async function leave() {
    await manuallyDispatchProgrammaticEvent(window, "beforeunload");
    readKept(true);
}

test("a page that is loaded again has its filters, a page opened anew has none", async () => {
    await mountView(LIST);
    await toggleSearchBarMenu();
    await toggleMenuItem("First");
    expect(getFacetTexts()).toEqual(["First"]);
    await leave();
    await mountView(LIST); // a second one, beside the first
    expect(getFacetTexts()).toEqual(["First", "First"]);
    await mountView(LIST); // a third one
    expect(getFacetTexts()).toEqual(["First", "First"]);
});

test("other views keep their filters as well, pages of others do not", async () => {
    await mountView({ ...LIST, type: "kanban", arch: KANBAN });
    await toggleSearchBarMenu();
    await toggleMenuItem("First");
    await leave();
    await mountView({ ...LIST, config: { actionXmlId: "crm.paper_action" } });
    expect(getFacetTexts()).toEqual(["First"]);
    await mountView({ ...LIST, type: "kanban", arch: KANBAN });
    expect(getFacetTexts()).toEqual(["First", "First"]);
});

test("a record that is loaded again leaves the filters for the way back", async () => {
    await mountView(LIST);
    await toggleSearchBarMenu();
    await toggleMenuItem("First");
    const { config } = LIST;
    const form = { type: "form", resModel: "paper", resId: 1, arch: `<form/>`, config };
    await mountView(form);
    await leave();
    await mountView(form);
    await mountView(LIST);
    expect(getFacetTexts()).toEqual(["First", "First"]);
});
