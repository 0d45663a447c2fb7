import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, type Json, startWithClient } from "../../client.ts";

let client: Client;

beforeAll(async () => {
  client = await startWithClient();
});
afterAll(() => client.looker.close());

function shownOrder(dashboard: Json): string[] {
  const [layout] = dashboard.dashboard_layouts.filter(({ active }: Json) => active);
  return layout.dashboard_layout_components
    .filter(({ deleted }: Json) => !deleted)
    .toSorted((a: Json, b: Json) => a.row - b.row || a.column - b.column)
    .map((component: Json) => component.dashboard_element_id);
}

test("the order of the page is the layout's, not the list's", async () => {
  const dashboard = await client.getJson("/dashboards/7");
  const listed = dashboard.dashboard_elements.map(({ id }: Json) => id);
  const order = shownOrder(dashboard);
  expect(order).toEqual(["701", "708", "709", "703", "704", "702", "705", "707"]);
  expect(listed).not.toEqual(order);
  expect(listed.toSorted()).toEqual(order.toSorted());
});

test("an element's data come by query, Look, result maker or merged queries; text tiles and buttons have none", async () => {
  const [seven, eight] = [
    await client.getJson("/dashboards/7/dashboard_elements"),
    await client.getJson("/dashboards/8/dashboard_elements"),
  ];
  const element = (id: string) => [...seven, ...eight].find((one) => one.id === id);
  expect(element("701")).toMatchObject({
    type: "vis",
    query_id: expect.any(String),
    query: { view: "flights" },
  });
  expect(element("702")).toMatchObject({
    look_id: "42",
    query_id: null,
    look: { query: { view: "flights" } },
  });
  expect(element("703")).toMatchObject({
    query_id: null,
    look_id: null,
    result_maker: { query: { view: "flights" } },
  });
  expect(element("801")).toMatchObject({ merge_result_id: expect.any(String), query_id: null });
  expect(element("801").result_maker.query).toBeUndefined();
  expect(element("813")).toMatchObject({ query_id: expect.any(String), result_maker_id: null });
  expect(element("806")).toMatchObject({ type: "vis", query_id: null, look_id: null, result_maker_id: null });
  expect(element("707")).toMatchObject({
    type: "text",
    title: null,
    title_text: "About these figures",
    body_text: expect.stringContaining("**delayed**"),
    body_text_as_html: expect.stringContaining("<strong>delayed</strong>"),
  });
  expect(JSON.parse(element("808").body_text)[0]).toMatchObject({ type: "h1" });
  expect(element("808").rich_content_json).toBe('{"format":"slate"}');
  expect(JSON.parse(element("812").rich_content_json).href).toBe("https://airports.example/");
  expect(element("702").note_text).toContain("ten flights");
  for (const one of [...seven, ...eight]) {
    expect(await client.getJson(`/dashboard_elements/${one.id}`)).toEqual(one);
  }
});

test("filters have defaults, and tiles listen to them by field", async () => {
  const { dashboard_filters: filters, dashboard_elements: elements } = await client.getJson("/dashboards/7");
  expect(filters).toMatchObject([
    { name: "Departure", default_value: "28 days ago for 28 days", listens_to_filters: [] },
    { name: "Origin", title: "Origin airport", default_value: "", listens_to_filters: ["Departure"] },
  ]);
  const look = elements.find(({ id }: Json) => id === "702");
  expect(look.result_maker.filterables).toEqual([
    {
      model: "faa",
      view: "flights",
      name: null,
      listen: [
        { dashboard_filter_name: "Departure", field: "flights.date_date" },
        { dashboard_filter_name: "Origin", field: "flights.origin" },
      ],
    },
  ]);
  const eight = await client.getJson("/dashboards/8");
  expect(eight.dashboard_filters[1]).toMatchObject({ name: "State", default_value: null, required: true });
});

test("a tile taken off the page is marked in the layout, and one that the layout does not know is only in the list", async () => {
  const dashboard = await client.getJson("/dashboards/8");
  const listed = dashboard.dashboard_elements.map(({ id }: Json) => id);
  expect(listed).toEqual(expect.arrayContaining(["804", "805"]));
  expect(shownOrder(dashboard).filter((id) => id === "804" || id === "805")).toEqual([]);
  const once = dashboard.dashboard_layouts.find(({ active }: Json) => !active);
  expect(once.dashboard_layout_components.map((one: Json) => one.dashboard_element_id)).not.toContain("805");
});

test("a dashboard in LookML has names for ids, a model, and is found by id alone", async () => {
  const dashboard = await client.getJson("/dashboards/faa::punctuality");
  expect(dashboard).toMatchObject({ id: "faa::punctuality", model: { id: "faa" }, readonly: true });
  expect(shownOrder(dashboard)).toEqual(["faa::punctuality::by_weekday", "faa::punctuality::by_state"]);
  expect((await client.get("/dashboard_elements/faa::punctuality::by_state")).status).toBe(200);
  expect(await client.getJson("/dashboards/search?title=Punctuality")).toEqual([]);
  const slug = (await client.getJson("/dashboards/7")).slug;
  expect((await client.getJson(`/dashboards/${slug}`)).id).toBe("7");
});

test("every tile's query runs, except the one that is there to fail", async () => {
  for (const id of ["7", "8", "faa::punctuality"]) {
    const elements: Json[] = await client.getJson(`/dashboards/${id}/dashboard_elements`);
    for (const element of elements) {
      const query = element.query ?? element.look?.query ?? element.result_maker?.query;
      if (query === undefined) continue;
      const answer = await client.get(`/queries/${query.id}/run/json`);
      expect([element.id, answer.status]).toEqual([element.id, element.id === "810" ? 400 : 200]);
    }
  }
});
