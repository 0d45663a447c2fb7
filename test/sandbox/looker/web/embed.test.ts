import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, request, startWithClient } from "../client.ts";

let client: Client;
let now = new Date("2026-03-02T08:00:00Z");
const rights = { models: ["faa"], permissions: ["access_data", "see_looks", "see_user_dashboards"] };

beforeAll(async () => {
  client = await startWithClient({ now: () => now, tokenSeconds: 100_000 });
});
afterAll(() => client.looker.close());

async function signed(path: string, body: object = rights): Promise<string> {
  const target_url = `${client.looker.url}${path}`;
  return (await (await client.post("/embed/sso_url", { target_url, ...body })).json()).url;
}

async function opened(url: string) {
  const answer = await request(url);
  return [answer.status, await answer.text()] as const;
}

test("a signed URL opens its page once, with the filters that it names", async () => {
  const url = await signed("/dashboards/7?Origin=ORD");
  expect(url).toContain("/login/embed/%2Fembed%2Fdashboards%2F7%3FOrigin%3DORD?permissions=");
  expect(await opened(url)).toEqual([200, expect.stringContaining("Origin airport is ORD")]);
  expect(await opened(url)).toEqual([401, expect.stringContaining("used already")]);
});

test("the target may be the page of Looker or the embedded one", async () => {
  for (const path of ["/looks/42", "/embed/looks/42"])
    expect(await opened(await signed(path))).toEqual([
      200,
      expect.stringContaining("Weekly delays by origin"),
    ]);
});

test("a URL that was changed does not open, and none opens after five minutes", async () => {
  const url = await signed("/looks/42");
  expect((await opened(url.replace("looks%2F42", "looks%2F43")))[0]).toBe(401);
  expect((await opened(url.replace("see_looks", "explore")))[0]).toBe(401);
  expect((await opened(`${client.looker.url}/login/embed/%E0%A4%A`))[0]).toBe(401);
  now = new Date(now.getTime() + 301_000);
  expect(await opened(url)).toEqual([401, expect.stringContaining("expired")]);
});

test("a page that the user was given no right to see says which", async () => {
  const looks = { models: ["faa"], permissions: ["access_data", "see_looks"] };
  expect(await opened(await signed("/dashboards/7", looks))).toEqual([
    403,
    expect.stringContaining("permission see_user_dashboards"),
  ]);
  expect(await opened(await signed("/looks/81", looks))).toEqual([
    403,
    expect.stringContaining("model sandbox"),
  ]);
  expect((await opened(await signed("/looks/81", { group_ids: ["3"] })))[0]).toBe(200);
  expect((await opened(await signed("/looks/90")))[0]).toBe(404);
  expect((await opened(`${client.looker.url}/embed/looks/42`))[0]).toBe(401);
});

test("what is missing or wrong is refused", async () => {
  const refused = async (body: object) => {
    const answer = await client.post("/embed/sso_url", body);
    const { errors = [] } = await answer.json();
    return [answer.status, ...errors.map(({ field }: { field: string }) => field)];
  };
  const target_url = `${client.looker.url}/looks/42`;
  expect(await refused(rights)).toEqual([422, "target_url"]);
  expect(await refused({ target_url })).toEqual([422, "permissions", "models"]);
  expect(await refused({ target_url, models: ["faa"], group_ids: [] })).toEqual([422, "permissions"]);
  expect(await refused({ target_url, ...rights, session_length: 2_592_001 })).toEqual([
    422,
    "session_length",
  ]);
  expect(await refused({ target_url, ...rights, models: "faa" })).toEqual([422, "models"]);
  expect(await refused({ target_url: "/looks/42", ...rights })).toEqual([400]);
  expect(await refused({ target_url: "https://looker.example/looks/42", ...rights })).toEqual([400]);
});
