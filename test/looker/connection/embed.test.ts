import { expect, test } from "vitest";
import { type Embed, resolveConnection } from "../../../src/looker/connection/connection.ts";
import { embedUrl } from "../../../src/looker/connection/embed-url.ts";
import { lookerConnection } from "../../../src/looker/connection/schema.ts";
import { dashboardSource } from "../../../src/looker/dashboard/source.ts";
import type { TileOptions } from "../../../src/looker/dashboard/tile-source.ts";
import { lookSource } from "../../../src/looker/look/source.ts";
import { querySource } from "../../../src/looker/query/source.ts";
import { contextFor, failureOf, openedLooker, openHouse, request, sendJson, tinyServer } from "../house.ts";

const never = new AbortController().signal;

const embed: Embed = {
  models: ["faa"],
  permissions: ["access_data", "see_looks"],
  groupIds: [],
  sessionMs: 3_600_000,
  user: "lookpost-recipient",
};

/** Signs whatever it is given, and keeps what that was. */
async function signingServer() {
  const asked: Record<string, unknown>[] = [];
  const { url } = await tinyServer((incoming, response, body) => {
    const { pathname } = new URL(incoming.url, "http://looker");
    if (pathname.endsWith("/embed/sso_url")) {
      asked.push(JSON.parse(body));
      sendJson(response, { url: `https://acme.looker.com/login/embed/signed-${asked.length}` });
    } else if (pathname.includes("/queries/slug/")) {
      sendJson(response, { id: "9", model: "faa", view: "flights", fields: [] });
    }
  });
  return { asked, looker: openedLooker(url) };
}

test.each([
  ["https://acme.looker.com/looks/42", "https://acme.looker.com/embed/looks/42"],
  ["https://acme.looker.com/embed/looks/42", "https://acme.looker.com/embed/looks/42"],
  [
    "https://acme.looker.com/dashboards/7?Departure=7%20days",
    "https://acme.looker.com/embed/dashboards/7?Departure=7%20days",
  ],
  [
    "https://acme.looker.com/dashboards-next/faa::punctuality",
    "https://acme.looker.com/embed/dashboards/faa::punctuality",
  ],
  [
    "https://acme.looker.com/explore/faa/flights?qid=abc",
    "https://acme.looker.com/embed/explore/faa/flights?qid=abc",
  ],
  ["https://acme.looker.com/x/AbC123", "https://acme.looker.com/embed/explore/faa/flights?qid=AbC123"],
])("%s is embedded as %s", async (page, embedded) => {
  const { looker, asked } = await signingServer();
  await embedUrl(looker, page, embed, never);
  expect(asked[0]?.target_url).toBe(embedded);
});

test("a session is signed for what the connection says, and for one user after the other", async () => {
  const { looker, asked } = await signingServer();
  const urls = [];
  for (let click = 0; click < 25; click += 1)
    urls.push(await embedUrl(looker, "https://acme.looker.com/looks/42", embed, never));
  expect(urls[0]).toBe("https://acme.looker.com/login/embed/signed-1");
  expect(asked[0]).toEqual({
    target_url: "https://acme.looker.com/embed/looks/42",
    session_length: 3600,
    force_logout_login: true,
    external_user_id: expect.stringMatching(/^lookpost-recipient-\d+$/),
    models: ["faa"],
    permissions: ["access_data", "see_looks"],
  });
  const users = asked.map(({ external_user_id: user }) => user);
  expect(new Set(users.slice(0, 20)).size).toBe(20);
  expect(users.slice(20)).toEqual(users.slice(0, 5));
});

test("a session of groups alone says nothing of models", async () => {
  const { looker, asked } = await signingServer();
  const ofGroups = { ...embed, models: [], permissions: [], groupIds: ["5"] };
  await embedUrl(looker, "https://acme.looker.com/looks/42", ofGroups, never);
  expect(asked[0]).toMatchObject({ group_ids: ["5"] });
  expect(Object.keys(asked[0] ?? {})).not.toContain("models");
});

test.each([
  "https://acme.looker.com/merge?mid=1",
  "https://acme.looker.com/",
  "javascript:alert(1)",
  "looks/42",
  "",
])("%j cannot be embedded, and nothing is signed", async (page) => {
  const { looker, asked } = await signingServer();
  expect(await failureOf(embedUrl(looker, page, embed, never))).toMatchObject({ code: "config" });
  expect(asked).toEqual([]);
});

test.each([403, 404])("a Looker that answers %i does not sign sessions", async (status) => {
  const server = await tinyServer((incoming, response) => {
    if (incoming.url.includes("/embed/")) sendJson(response, { message: "Not allowed" }, status);
  });
  const work = embedUrl(openedLooker(server.url), "https://a.example/looks/1", embed, never);
  expect(await failureOf(work)).toMatchObject({
    code: "auth",
    advice: expect.stringContaining("Admin > Embed"),
  });
});

test("an answer without an address is an error", async () => {
  const server = await tinyServer((incoming, response) => {
    if (incoming.url.includes("/embed/")) sendJson(response, {});
  });
  const work = embedUrl(openedLooker(server.url), "https://a.example/looks/1", embed, never);
  expect(await failureOf(work)).toMatchObject({ code: "protocol" });
});

test("what each source leads to opens in a signed session, once", async () => {
  const { looker } = await openHouse();
  const inline = { model: "faa", explore: "flights", fields: ["flights.count"] };
  const tiles = (await dashboardSource(looker).expand?.(7, request(), never)) ?? [];
  const [tile] = tiles.flatMap(({ content }) => (content?.source.options as TileOptions) ?? []);
  const pages = [
    (await lookSource(looker).run(42, request(), contextFor())).url,
    (await lookSource(looker).run(42, request({ limit: 3 }), contextFor())).url,
    (await querySource(looker).run(inline, request(), contextFor())).url,
    tile?.url ?? "",
  ];
  for (const page of pages) {
    const everything = { ...embed, permissions: [...embed.permissions, "see_user_dashboards", "explore"] };
    const url = await embedUrl(looker, page, everything, never);
    expect([page, (await fetch(url)).status]).toEqual([page, 200]);
    expect((await fetch(url)).status).toBe(401);
  }
});

const credentials = { base_url: "https://acme.looker.com", client_id: "a", client_secret: "b" };

test("the connection says what recipients may see; what it leaves out has defaults", () => {
  const block = lookerConnection.parse({ ...credentials, embed: { group_ids: [5, "6"] } });
  expect(resolveConnection(block, {}).embed).toEqual({
    models: [],
    permissions: [],
    groupIds: ["5", "6"],
    sessionMs: 3_600_000,
    user: "lookpost-recipient",
  });
  expect(resolveConnection(lookerConnection.parse(credentials), {}).embed).toBeNull();
});

test.each([
  [{}, "does not say what recipients may see"],
  [{ models: ["faa"] }, "does not say what recipients may see"],
  [{ permissions: ["see_looks"] }, "does not say what recipients may see"],
  [{ group_ids: [5], session: "60" }, "has no unit"],
  [{ group_ids: [5], session: "31d" }, "too long"],
  [{ group_ids: [5], session: "5s" }, "too short"],
])("%j is no embed block", (given, words) => {
  const read = lookerConnection.safeParse({ ...credentials, embed: given });
  expect(read.error?.issues[0]?.message).toContain(words);
});
