import { renameSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { DAILY, type Desk, ofType, openDesk } from "./desk.ts";
import { journey } from "./program.ts";

/** Looker's secret and Slack's token in files, both wrong. */
async function wrongSecrets(): Promise<Desk> {
  const desk = await openDesk({ reports: "" });
  const reports = `  daily: { schedule: "${DAILY}", look: 42, deliver: [{ slack: "#flight-ops" }] }
`;
  writeFileSync(
    join(desk.folder, "reports.yaml"),
    `version: 1
looker: { base_url: "${desk.sandbox.env.LOOKER_BASE_URL}", client_id: sandbox, client_secret: "\${file:${desk.folder}/looker}" }
slack: { token: "\${file:${desk.folder}/slack}", api_url: "${desk.sandbox.env.SLACK_API_URL}" }
server: 0
reports:
${reports}`,
  );
  rotate(desk, "looker", "looker-secret-of-yesterday");
  rotate(desk, "slack", "xoxb-token-of-yesterday");
  await desk.promise(["daily"]);
  return desk;
}

function rotate({ folder }: Desk, name: string, secret: string): void {
  writeFileSync(join(folder, `${name}.new`), `${secret}\n`);
  renameSync(join(folder, `${name}.new`), join(folder, name));
}

journey("what a rotated secret was refused for is delivered without anyone's doing, once", async () => {
  const desk = await wrongSecrets();
  const service = desk.start();
  await service.says("run failed");
  rotate(desk, "looker", desk.sandbox.env.LOOKER_CLIENT_SECRET);
  await service.says("delivery refused");
  expect(service.said("connections have changed: what was refused is tried again")).toMatchObject([
    { connections: ["looker"], tried: 1 },
  ]);
  unlinkSync(join(desk.folder, "slack"));
  await service.says("files that reports.yaml refers to are missing or empty: their last values stay in use");
  expect(await service.ready()).toMatchObject({ status: 200, checks: { config: { ok: false } } });
  rotate(desk, "slack", desk.sandbox.env.SLACK_BOT_TOKEN);
  await service.says("run delivered");
  await service.says("the files that reports.yaml refers to are all there again");
  expect(await service.ready()).toMatchObject({ status: 200, checks: { config: { ok: true } } });
  const [delivery] = ofType(await desk.history(), "delivery");
  expect(delivery).toMatchObject({ status: "sent", attempts: 2 });
  expect(desk.sandbox.slack.posts("#flight-ops")).toHaveLength(1);
  expect(service.out() + service.err()).not.toMatch(/of-yesterday/);
});
