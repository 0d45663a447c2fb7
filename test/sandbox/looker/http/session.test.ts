import { expect, test } from "vitest";
import { login, request, signIn, startWithClient } from "../client.ts";

test("a login by form or by query parameters gives a token that Bearer and token both carry", async () => {
  await using client = await startWithClient();
  const { api, looker } = client;
  const parameters = new URLSearchParams({ client_id: looker.clientId, client_secret: looker.clientSecret });
  const answer = await request(`${api}/login?${parameters}`, { method: "POST" });
  const session = await answer.json();
  expect(session).toMatchObject({ token_type: "Bearer", expires_in: 3600 });
  for (const word of ["Bearer", "token"]) {
    const me = await request(`${api}/user`, {
      headers: { authorization: `${word} ${session.access_token}` },
    });
    expect(me.status).toBe(200);
  }
});

test("wrong credentials are not found, as in Looker", async () => {
  await using client = await startWithClient();
  const answer = await login(client.looker, "wrong");
  expect(answer.status).toBe(404);
  expect(await answer.json()).toEqual({
    message: "Not found",
    documentation_url: "https://cloud.google.com/looker/docs/r/err/4.0/404/post/login",
  });
});

test("without a token, with a wrong one and after logout every call answers 401", async () => {
  await using client = await startWithClient();
  const answers = [await request(`${client.api}/looks/42`)];
  answers.push(await request(`${client.api}/user`, { headers: { authorization: "Bearer nonsense" } }));
  answers.push(await request(`${client.api}/no/such/path`));
  expect((await client.delete("/logout")).status).toBe(204);
  answers.push(await client.get("/user"));
  for (const answer of answers) {
    expect(answer.status).toBe(401);
    expect((await answer.json()).message).toBe("Requires authentication.");
  }
});

test("a token expires after its time, and a new login works again", async () => {
  let now = new Date("2026-11-16T08:00:00Z");
  await using client = await startWithClient({ now: () => now, tokenSeconds: 60 });
  now = new Date("2026-11-16T08:00:59Z");
  expect((await client.get("/user")).status).toBe(200);
  now = new Date("2026-11-16T08:01:00Z");
  expect((await client.get("/user")).status).toBe(401);
  const again = await signIn(client.looker);
  expect((await again.get("/user")).status).toBe(200);
});

test("the log of requests keeps method, path, query and status, and no secret", async () => {
  await using client = await startWithClient({ clientSecret: "very-secret" });
  await request(`${client.api}/login?client_id=sandbox&client_secret=very-secret`, { method: "POST" });
  await client.get("/looks/42?fields=id");
  await client.get("/looks/1");
  const seen = client.looker.requests.map(({ method, path, query, status }) => [method, path, query, status]);
  expect(seen).toEqual([
    ["POST", "/api/4.0/login", "", 200],
    ["POST", "/api/4.0/login", "client_id=sandbox&client_secret=***", 200],
    ["GET", "/api/4.0/looks/42", "fields=id", 200],
    ["GET", "/api/4.0/looks/1", "", 404],
  ]);
  expect(JSON.stringify(client.looker.requests)).not.toContain("very-secret");
});

test("versions are listed at the root without a login", async () => {
  await using client = await startWithClient();
  const versions = await (await request(`${client.looker.url}/versions`)).json();
  expect(versions).toMatchObject({ api_server_url: client.looker.url, current_version: { version: "4.0" } });
});

test("the API user says who it is and what it may do", async () => {
  await using client = await startWithClient();
  const me = await client.getJson("/user");
  expect(me).toMatchObject({ display_name: "Report Robot", email: "report.robot@sandbox.example" });
  const [role] = await client.getJson(
    `/users/${me.id}/roles?fields=name,permission_set(permissions),model_set(models)`,
  );
  expect(role.permission_set.permissions).toContain("download_without_limit");
  expect(role.model_set.models).toContain("faa");
});
