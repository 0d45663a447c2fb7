import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Client, startWithClient } from "../client.ts";
import { render } from "./rendering.ts";

const path = "looks/44/png?width=60&height=40";
let client: Client;

beforeAll(async () => {
  client = await startWithClient({ renderMs: 0, queryMs: 0 });
});
beforeEach(() => client.looker.faults.clear());
afterAll(() => client.looker.close());

async function make(): Promise<string> {
  return (await (await client.post(`/render_tasks/${path}`, undefined)).json()).id;
}

test.each(["enqueued_for_query", "querying", "enqueued_for_render", "rendering"] as const)(
  "a render that never ends stays %s, and holds up no other",
  async (state) => {
    client.looker.faults.add({ kind: "render_stuck", state, times: 3 });
    const stuck = [await make(), await make(), await make()];
    expect((await render(client, path)).task.status).toBe("success");
    for (const id of stuck) {
      await expect.poll(async () => (await client.getJson(`/render_tasks/${id}`)).status).toBe(state);
      expect((await client.get(`/render_tasks/${id}/results`)).status).toBe(202);
    }
  },
);

test("a render fails with Looker's own words, or with others", async () => {
  client.looker.faults.add({ kind: "render_failure" });
  client.looker.faults.add({ kind: "render_failure", detail: "out of memory" });
  const [own, other] = [await render(client, path), await render(client, path)];
  expect(own.task).toMatchObject({
    status: "failure",
    status_detail: expect.stringContaining("RendererNoRenderFinishedEventReceived"),
  });
  expect(own.answer.status).toBe(400);
  expect(other.task.status_detail).toBe("out of memory");
});

test("an unknown word is said so many times, or always", async () => {
  client.looker.faults.add({ kind: "render_word", word: "warming_up", polls: 2 });
  client.looker.faults.add({ kind: "render_word", word: "" });
  const polled = async (id: string) => (await client.getJson(`/render_tasks/${id}`)).status;
  const first = await make();
  expect([await polled(first), await polled(first)]).toEqual(["warming_up", "warming_up"]);
  await expect.poll(() => polled(first)).toBe("success");
  const second = await make();
  await expect.poll(async () => (await client.get(`/render_tasks/${second}/results`)).status).toBe(200);
  expect(await polled(second)).toBe("");
});

test("a success whose results still wait says when to come again", async () => {
  client.looker.faults.add({ kind: "render_late", fetches: 2, retryAfter: 0 });
  const { task, answer, bytes } = await render(client, path);
  expect([task.status, answer.status, answer.headers.get("retry-after"), bytes.length]).toEqual([
    "success",
    202,
    "0",
    0,
  ]);
  const results = () => client.get(`/render_tasks/${task.id}/results`);
  expect([(await results()).status, (await results()).status]).toEqual([202, 200]);
});

test("results expire, come truncated, or are a page", async () => {
  const whole = (await render(client, path)).bytes;
  client.looker.faults.add({ kind: "render_expired" });
  client.looker.faults.add({ kind: "render_truncated", bytes: 100 });
  client.looker.faults.add({ kind: "render_page" });
  const expired = await render(client, path);
  expect([expired.task.status, expired.answer.status]).toEqual(["success", 404]);
  const truncated = await render(client, path);
  expect([truncated.answer.status, truncated.answer.headers.get("content-length")]).toEqual([200, "100"]);
  expect(truncated.bytes.equals(whole.subarray(0, 100))).toBe(true);
  const page = await render(client, path);
  expect([page.answer.status, page.answer.headers.get("content-type")]).toEqual([
    200,
    "text/html;charset=utf-8",
  ]);
  expect((await render(client, path)).bytes.equals(whole)).toBe(true);
});

test("a fault is aimed at a content and a format", async () => {
  client.looker.faults.add({ kind: "render_failure", of: "looks/42" });
  client.looker.faults.add({ kind: "render_failure", format: "jpg" });
  expect((await render(client, path)).task.status).toBe("success");
  expect((await render(client, path.replace("png", "jpg"))).task.status).toBe("failure");
  expect((await render(client, path.replace("44", "42"))).task.status).toBe("failure");
  expect(client.looker.faults.list()).toEqual([]);
});

test("a request about a render meets the faults of any request", async () => {
  client.looker.faults.add({ kind: "status", status: 429, retryAfter: 3, on: "create_look_render_task" });
  const refused = await client.post(`/render_tasks/${path}`, undefined);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "3"]);
  const { task } = await render(client, path);
  client.looker.faults.add({ kind: "drop_mid_body", afterBytes: 50, on: "render_task_results" });
  const cut = await client.get(`/render_tasks/${task.id}/results`);
  await expect(cut.arrayBuffer()).rejects.toThrow("terminated");
});

test("of the faults of a query, a drawing meets the database's error, and takes no other away", async () => {
  const { query_id: queryId } = await client.getJson("/looks/44");
  client.looker.faults.add({ kind: "looker_error", queryId });
  client.looker.faults.add({ kind: "expired", queryId });
  client.looker.faults.add({ kind: "database_error", queryId, format: "png", message: "disk full" });
  const { task } = await render(client, path);
  expect(task).toMatchObject({ status: "failure", status_detail: "disk full" });
  expect((await render(client, path)).task.status).toBe("success");
  expect(client.looker.faults.list().map(({ fault }) => fault.kind)).toEqual(["looker_error", "expired"]);
});

test("faults of renders are set over HTTP as well", async () => {
  const body = JSON.stringify({ kind: "render_stuck", of: "looks/44", times: "always" });
  const answer = await fetch(`${client.looker.url}/sandbox/faults`, { method: "POST", body });
  expect([answer.status, client.looker.faults.list()[0]?.fault.kind]).toEqual([200, "render_stuck"]);
  const wrong = JSON.stringify({ kind: "render_stuck", state: "asleep" });
  expect((await fetch(`${client.looker.url}/sandbox/faults`, { method: "POST", body: wrong })).status).toBe(
    400,
  );
});
