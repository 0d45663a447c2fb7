import { expect, test } from "vitest";
import type { ContentPart } from "../../../src/core/ports/adapter.ts";
import { dashboardSource } from "../../../src/looker/dashboard/source.ts";
import { openedLooker, request, sendJson, tinyServer } from "../house.ts";

/** The parts of a dashboard of the test's own making. Each query by its id is of model m and explore v. */
async function partsOf(dashboard: object): Promise<readonly ContentPart[]> {
  const server = await tinyServer(({ url, method }, response) => {
    const { pathname } = new URL(url, "http://looker");
    if (pathname.includes("/dashboards/")) sendJson(response, { id: "5", ...dashboard });
    else if (pathname.endsWith("/queries/404")) sendJson(response, { message: "Not found" }, 404);
    else if (pathname.includes("/queries/")) sendJson(response, query(pathname.split("/").at(-1) ?? ""));
    else if (method === "POST" && pathname.endsWith("/queries")) sendJson(response, query("77"));
  });
  const source = dashboardSource(openedLooker(server.url));
  const parts = await source.expand?.(5, request(), new AbortController().signal);
  if (parts === undefined) throw new Error("A dashboard can be taken apart");
  return parts;
}

const query = (id: string) => ({ id, model: "m", view: "v", fields: ["v.a"] });
const element = (id: string, more: object = {}) => ({
  id,
  type: "vis",
  title: id,
  query: query(id),
  ...more,
});
const component = (id: string, row: number, column: number, more: object = {}) => ({
  dashboard_element_id: id,
  row,
  column,
  ...more,
});
const titles = (parts: readonly ContentPart[]) => parts.map(({ title }) => title);

test("tabs come one after the other, each by row and column; a tile on two comes once", async () => {
  const parts = await partsOf({
    dashboard_elements: ["a", "b", "c", "d"].map((id) => element(id)),
    dashboard_layouts: [
      { active: true, order: 2, dashboard_layout_components: [component("a", 0, 0), component("d", 1, 0)] },
      {
        active: true,
        order: 1,
        dashboard_layout_components: [component("c", 2, 0), component("b", 0, 12), component("d", 0, 0)],
      },
      { active: false, order: 0, dashboard_layout_components: [component("a", 0, 0)] },
    ],
  });
  expect(titles(parts)).toEqual(["d", "b", "c", "a"]);
});

test("without a layout the elements come as they are listed", async () => {
  expect(titles(await partsOf({ dashboard_elements: [element("b"), element("a")] }))).toEqual(["b", "a"]);
});

test("a dashboard without anything on it has no parts", async () => {
  expect(await partsOf({ dashboard_elements: null, dashboard_filters: null })).toEqual([]);
});

test.each([
  ["its id alone", { query: null, query_id: "8" }, "8"],
  ["a result maker's", { query: null, result_maker: { query: query("9") } }, "9"],
  ["a result maker's id", { query: null, result_maker: { query_id: "10" } }, "10"],
  ["a Look's", { query: null, look_id: "1", look: { id: "1", title: "L", query: query("11") } }, "11"],
  ["one without an id", { query: { ...query("x"), id: null } }, "77"],
])("a tile's query may be %s", async (_case, more, id) => {
  const [part] = await partsOf({ dashboard_elements: [element("a", more)] });
  expect(part?.content?.source.options).toMatchObject({ query: { id, body: { model: "m", view: "v" } } });
});

test("a tile without a title has its Look's", async () => {
  const look = { id: "1", title: "Delays", query: query("11") };
  const [part] = await partsOf({ dashboard_elements: [element("a", { title: "", query: null, look })] });
  expect(part?.title).toBe("Delays");
});

test.each([
  ["of SQL Runner", { query: null, result_maker: { sql_query_id: "x" } }, "SQL Runner"],
  ["that merges", { query: null, result_maker: { merge_result_id: "x" } }, "merges"],
  ["that is an extension", { query: null, type: "extension", extension_id: "x" }, "extension"],
  ["whose query is out of sight", { query: null, query_id: "404" }, "may not see"],
  ["with nothing", { query: null }, "no query"],
])("a tile %s is named with the reason", async (_case, more, words) => {
  const [named] = await partsOf({ dashboard_elements: [element("Figures", more)] });
  expect(named).toMatchObject({ title: "Figures", content: null });
  expect(named?.notice).toMatch(new RegExp(`^The tile "Figures" .*${words}`));
  const [nameless] = await partsOf({ dashboard_elements: [element("a", { ...more, title: null })] });
  expect(nameless?.notice).toMatch(/^A tile without a title /);
});

test("a default that only Looker can fill in keeps the tiles that listen to it from running", async () => {
  const listen = [{ dashboard_filter_name: "State", field: "v.state" }];
  const parts = await partsOf({
    dashboard_filters: [{ name: "State", default_value: "{{ _user_attributes['state'] }}" }],
    dashboard_elements: [element("a", { result_maker: { filterables: [{ listen }] } }), element("b")],
  });
  expect(parts.map(({ notice }) => notice)).toEqual([
    expect.stringContaining('needs a value for the filter "State"'),
    null,
  ]);
});

test("a filter among the tiles is not a part; neither is a text without words", async () => {
  const parts = await partsOf({
    dashboard_elements: [
      element("a", { filter_id: "71", query: null }),
      { id: "b", type: "text", title_text: " ", body_text: "" },
      { id: "c", type: "text", title_text: "Only a title" },
    ],
  });
  expect(parts).toEqual([{ title: "Only a title", text: null, content: null, notice: null }]);
});

test("hostile words of a tile come as they are, for the renderer to escape; a script is no words", async () => {
  const note = "<script>alert(1)</script> <!channel> \u202e";
  const [part] = await partsOf({ dashboard_elements: [element('<b>"x"</b>', { note_text: note })] });
  expect(part).toMatchObject({ title: '<b>"x"</b>', text: "<!channel> \u202e" });
});
