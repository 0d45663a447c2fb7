import { expect, test } from "vitest";
import { testConnection } from "../../../src/looker/connection/test-connection.ts";
import { openedLooker, openHouse, sendJson, tinyServer } from "../house.ts";

const never = new AbortController().signal;

test("a sound connection tells who the API user is and what it may do", async () => {
  const { looker, sandbox } = await openHouse();
  expect(await testConnection(looker, never)).toEqual({
    url: sandbox.url,
    release: expect.stringMatching(/^\d+\.\d+/),
    user: { id: expect.any(String), name: "Report Robot", email: "report.robot@sandbox.example" },
    roles: [expect.any(String)],
    permissions: expect.arrayContaining(["access_data", "see_looks", "download_without_limit"]),
    models: expect.arrayContaining(["faa"]),
    problems: [],
  });
});

test("refused credentials are named as such", async () => {
  const { looker, sandbox } = await openHouse();
  sandbox.faults.add({ kind: "login_refused", times: "always" });
  const { problems, user } = await testConnection(looker, never);
  expect(user).toBeNull();
  expect(problems).toMatchObject([{ code: "auth", advice: expect.stringContaining("client_secret") }]);
});

test.each([
  ["a JSON 404 for everything", 404, '{"message":"no route"}', "application/json"],
  ["an HTML page for everything", 200, "<html><title>Looker</title></html>", "text/html"],
  ["an HTML 404 for everything", 404, "<h1>Not found</h1>", "text/html"],
])("a host that is not the API (%s) is named as such", async (_how, status, body, type) => {
  const server = await tinyServer((_request, response) =>
    response.writeHead(status, { "content-type": type }).end(body),
  );
  const { problems, release } = await testConnection(openedLooker(server.url), never);
  expect(release).toBeNull();
  expect(problems).toMatchObject([{ code: "config", advice: expect.stringMatching(/443.*19999/) }]);
});

test("a host that is not there is named as such", async () => {
  const { problems } = await testConnection(openedLooker("http://127.0.0.1:1"), never);
  expect(problems).toMatchObject([{ code: "unavailable", message: expect.stringContaining("ECONNREFUSED") }]);
});

function lookerWith(roles: unknown, models: unknown, rolesStatus = 200) {
  return tinyServer((request, response) => {
    const path = request.url.replace(/\?.*/, "").replace("/api/4.0", "");
    if (path === "/user") sendJson(response, { id: 7, first_name: "Ana" });
    else if (path === "/users/7/roles") sendJson(response, roles, rolesStatus);
    else if (path === "/lookml_models") sendJson(response, models);
    else if (path === "/versions") sendJson(response, { looker_release_version: "24.2.1" });
  });
}

test("permissions that are lacking are named with what they are for", async () => {
  const server = await lookerWith(
    [{ name: "Viewer", permission_set: { permissions: ["access_data", "see_looks"] } }],
    [{ name: "faa" }],
  );
  const report = await testConnection(openedLooker(server.url), never);
  expect(report).toMatchObject({
    user: { id: "7", name: "Ana", email: null },
    roles: ["Viewer"],
    models: ["faa"],
  });
  expect(report.problems.map(({ message }) => message)).toEqual([
    expect.stringMatching(/lacks the permission explore/),
    expect.stringMatching(/download_without_limit.*5,000 rows/),
  ]);
});

test("a user who may not see its own roles is not said to lack anything", async () => {
  const server = await lookerWith({ message: "Not found" }, [{ name: "faa" }], 403);
  expect(await testConnection(openedLooker(server.url), never)).toMatchObject({
    roles: [],
    permissions: [],
    problems: [],
  });
});

test("a user without models is told so", async () => {
  const server = await lookerWith([], []);
  expect((await testConnection(openedLooker(server.url), never)).problems).toMatchObject([
    { message: "The API user sees no models." },
  ]);
});
