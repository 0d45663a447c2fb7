import { LookerNodeSDK, NodeSettings } from "@looker/sdk-node";
import { DefaultSettings } from "@looker/sdk-rtl";
import { expect, test, vi } from "vitest";
import { startSandboxLooker } from "../../../src/sandbox/looker/index.ts";

test("Looker's own SDK logs in, runs a Look through a query task and logs out", async () => {
  // At each request the SDK complains on the console about a timeout that it does not set.
  vi.spyOn(console, "debug").mockImplementation(() => {});
  const looker = await startSandboxLooker({ queryMs: 5 });
  const settings = new NodeSettings("", { ...DefaultSettings(), base_url: looker.url });
  settings.readConfig = () => ({ client_id: looker.clientId, client_secret: looker.clientSecret });
  const sdk = LookerNodeSDK.init40(settings);
  const me = await sdk.ok(sdk.me("display_name"));
  expect(me).toEqual({ display_name: "Report Robot" });
  const look = await sdk.ok(sdk.look("42"));
  const task = await sdk.ok(
    sdk.create_query_task({
      body: { query_id: look.query_id ?? "", result_format: "json" as never },
      limit: 3,
    }),
  );
  const taskId = task.id ?? "";
  await expect.poll(async () => (await sdk.ok(sdk.query_task(taskId))).status).toBe("complete");
  const rows: unknown = await sdk.ok(sdk.query_task_results(taskId));
  expect(rows).toHaveLength(3);
  const explore = await sdk.ok(
    sdk.lookml_model_explore({ lookml_model_name: "faa", explore_name: "flights" }),
  );
  expect(explore.fields?.dimensions?.map(({ name }) => name)).toContain("flights.origin");
  await expect(sdk.ok(sdk.look("1"))).rejects.toThrow("Not found");
  await sdk.authSession.logout();
  expect(looker.requests.at(-1)).toMatchObject({ method: "DELETE", path: "/api/4.0/logout", status: 204 });
  await looker.close();
});
