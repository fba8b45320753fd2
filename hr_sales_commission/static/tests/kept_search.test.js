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

const LIST = {
    type: "list",
    resModel: "paper",
    arch: `<list js_class="commission_list"><field name="name"/></list>`,
    searchViewArch: `<search><filter name="first" string="First" domain="[('name', '=', 'First')]"/></search>`,
};

test("a page that is loaded again has its filters, a page opened anew has none", async () => {
    await mountView(LIST);
    await toggleSearchBarMenu();
    await toggleMenuItem("First");
    expect(getFacetTexts()).toEqual(["First"]);
    await manuallyDispatchProgrammaticEvent(window, "beforeunload");
    readKept(true);
    await mountView(LIST); // a second one, beside the first
    expect(getFacetTexts()).toEqual(["First", "First"]);
    await mountView(LIST); // a third one
    expect(getFacetTexts()).toEqual(["First", "First"]);
});
