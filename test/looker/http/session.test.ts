import { inspect } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { fields, fieldsOfLook } from "../../../src/looker/explore/catalogue.ts";
import { lookSource } from "../../../src/looker/look/source.ts";
import { querySource } from "../../../src/looker/query/source.ts";
import { startSandboxLooker } from "../../../src/sandbox/looker/index.ts";
import { contextFor, failureOf, openedLooker, openHouse, request, sendJson, tinyServer } from "../house.ts";

const never = new AbortController().signal;
const ask = (looker: ReturnType<typeof openedLooker>) =>
  looker.call((sdk, options) => sdk.look("42", "id", options), never);

function logins(requests: readonly { path: string }[]): number {
  return requests.filter(({ path }) => path.endsWith("/login")).length;
}

test("fifty first calls at once make one login", async () => {
  const { looker, sandbox } = await openHouse();
  await Promise.all(Array.from({ length: 50 }, () => ask(looker)));
  expect(logins(sandbox.requests)).toBe(1);
});

test("a token that Looker no longer accepts leads to one new login, whichever call notices", async () => {
  const { looker, sandbox } = await openHouse();
  await ask(looker);
  sandbox.faults.add({ kind: "token_expired", on: "look" });
  expect(await Promise.all(Array.from({ length: 20 }, () => ask(looker)))).toHaveLength(20);
  expect(logins(sandbox.requests)).toBe(2);
});

test("a stream, too, is asked for again after a 401", async () => {
  const { looker, sandbox } = await openHouse();
  await ask(looker);
  sandbox.faults.add({ kind: "token_expired", on: "query_task_results" });
  expect(await failureOf(looker.download("/query_tasks/none/results", never))).toMatchObject({ status: 404 });
  expect(logins(sandbox.requests)).toBe(2);
});

test("a Looker that refuses every token is not asked for ever", async () => {
  const server = await tinyServer((request, response) => {
    if (!request.url.endsWith("/login")) sendJson(response, { message: "Requires authentication." }, 401);
  });
  expect(await failureOf(ask(openedLooker(server.url)))).toMatchObject({ code: "auth", status: 401 });
  expect(server.seen).toHaveLength(4);
});

test("a token is renewed before it expires", async () => {
  const sandbox = await startSandboxLooker({ tokenSeconds: 10 });
  onTestFinished(() => sandbox.close());
  const looker = openedLooker(sandbox.url);
  // Ten seconds are the margin: such a token is never good enough for a second call.
  await ask(looker);
  await ask(looker);
  expect(logins(sandbox.requests)).toBe(2);
});

test.each([401, 403, 404] as const)(
  "a login refused with %i names the client id and secret",
  async (status) => {
    const { looker, sandbox } = await openHouse();
    sandbox.faults.add({ kind: "login_refused", status });
    expect(await failureOf(ask(looker))).toMatchObject({
      code: "auth",
      retryable: false,
      // It is no answer to what was asked for.
      status: null,
      message: expect.stringContaining("refuses the login"),
      advice: expect.stringContaining("looker.client_secret"),
    });
    expect(await ask(looker)).toEqual({ id: "42" });
  },
);

test.each([403, 404] as const)(
  "whatever was asked for, a login refused with %i is told as that, not as content out of sight",
  async (status) => {
    const { looker, sandbox } = await openHouse();
    sandbox.faults.add({ kind: "login_refused", status, times: "always" });
    const [look, query] = [lookSource(looker), querySource(looker)];
    const inline = { model: "faa", explore: "flights", fields: ["flights.count"] };
    const failures = await Promise.all(
      [
        look.run(42, request(), contextFor()),
        query.run("aSlug", request(), contextFor()),
        query.run(inline, request(), contextFor()),
        fields(looker, { model: "faa", explore: "flights" }, never),
        fieldsOfLook(looker, 42, never),
      ].map(failureOf),
    );
    const told = { message: expect.stringContaining("refuses the login"), advice: expect.any(String) };
    expect(failures).toEqual(failures.map(() => expect.objectContaining({ ...told, code: "auth" })));
    for (const findings of [
      await look.check(42, request(), never),
      await query.check("aSlug", request(), never),
      await query.check(inline, request(), never),
    ])
      expect(findings).toEqual([{ ...told, path: [] }]);
  },
);

test("a wrong secret is told as such where a Look is run", async () => {
  const { looker } = await openHouse({}, { clientSecret: "wrong" });
  expect(await failureOf(lookSource(looker).run(42, request(), contextFor()))).toMatchObject({
    code: "auth",
    message: "Looker refuses the login with this client id and secret.",
  });
});

test("a login answered by a web page names the address instead", async () => {
  const { looker, sandbox } = await openHouse();
  sandbox.faults.add({ kind: "not_json", on: "login" });
  expect(await failureOf(ask(looker))).toMatchObject({
    code: "config",
    advice: expect.stringContaining("looker.base_url"),
  });
});

test("a login that fails in passing stays retryable, with Retry-After", async () => {
  const { looker, sandbox } = await openHouse();
  sandbox.faults.add({ kind: "status", status: 503, retryAfter: 7, on: "login" });
  expect(await failureOf(ask(looker))).toMatchObject({
    code: "unavailable",
    retryable: true,
    retryAfterMs: 7_000,
  });
});

test("no error holds the secret or the token, even if Looker repeats them", async () => {
  const server = await tinyServer((request, response, body) => {
    if (request.url.endsWith("/login")) return;
    sendJson(
      response,
      { message: `Bad ${request.headers.authorization} with ${body} s3cret/secret and s3cret%2Fsecret` },
      400,
    );
  });
  const secrets: string[] = [];
  const looker = openedLooker(
    server.url,
    { clientSecret: "s3cret/secret" },
    { secretsSeen: (secret) => void secrets.push(secret) },
  );
  const error = await failureOf(ask(looker));
  expect(error.message).toContain("[hidden]");
  expect(inspect(error, { depth: 9 })).not.toMatch(/s3cret|token-1/);
  expect(secrets).toEqual(["s3cret/secret", "token-1"]);
});

test("closing logs out, and a server that does not answer cannot hold it up", async () => {
  const { looker, sandbox } = await openHouse();
  await ask(looker);
  await looker.close();
  expect(sandbox.requests.at(-1)).toMatchObject({ method: "DELETE", path: "/api/4.0/logout", status: 204 });
  await looker.close();

  const rude = await openHouse();
  await ask(rude.looker);
  rude.sandbox.faults.add({ kind: "drop", on: "logout" });
  await expect(rude.looker.close()).resolves.toBeUndefined();
});

test("closing a Looker that was never used sends nothing", async () => {
  const { looker, sandbox } = await openHouse();
  await looker.close();
  expect(sandbox.requests).toEqual([]);
});

test("a renewed key is logged in with by what is under way too, and the session of the old one is given back", async () => {
  const { looker, sandbox } = await openHouse();
  await ask(looker);
  looker.renew({ clientId: "sandbox", clientSecret: "wrong-from-now-on" });
  expect(await failureOf(ask(looker))).toMatchObject({ code: "auth" });
  looker.renew({ clientId: "sandbox", clientSecret: "sandbox-secret" });
  await Promise.all([ask(looker), ask(looker)]);
  expect(logins(sandbox.requests)).toBe(3);
  await expect.poll(() => sandbox.requests.filter(({ path }) => path.endsWith("/logout"))).toHaveLength(1);
});

test("a login that is under way while the key is renewed is made again with the new one", async () => {
  const secrets: string[] = [];
  const server = await tinyServer((request, response, body) => {
    if (!request.url.endsWith("/login")) return sendJson(response, { id: "42", title: "A Look" });
    secrets.push(new URLSearchParams(body).get("client_secret") ?? "");
    if (secrets.length > 1) return;
    looker.renew({ clientId: "sandbox", clientSecret: "new-secret" });
    sendJson(response, { message: "Not found" }, 404);
  });
  const looker = openedLooker(server.url, { clientSecret: "old-secret" });
  await ask(looker);
  expect(secrets).toEqual(["old-secret", "new-secret"]);
});
