import { expect, test } from "@odoo/hoot";
import { sortFields } from "@hr_sales_commission/condition/condition_field";

test("what plans ask most is offered first, the rest by its label", () => {
    const fields = { zip: "ZIP", tag_ids: "Tags", active: "Active", expected_revenue: "Revenue" };
    const defs = Object.fromEntries(
        Object.entries(fields).map(([name, string]) => [name, { name, string }])
    );
    expect(sortFields(defs)).toEqual(["expected_revenue", "tag_ids", "active", "zip"]);
});
