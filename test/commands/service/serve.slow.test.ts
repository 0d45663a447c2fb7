import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Env } from "../../../src/app/app.ts";
import { readReports } from "../../../src/app/reports-file.ts";
import { stampOf } from "../../../src/app/reports-reader.ts";
import { serve } from "../../../src/commands/service/serve.ts";
import { healthchecks } from "../../journeys/healthchecks.ts";
import { type Desk, openDesk, until } from "../house.ts";

const ENV = { ID: "id", SECRET: "looker-secret", SMTP: "smtp://reports:mail-secret@127.0.0.1:9" };

const reports = (head = "") => `version: 1
looker: { base_url: "https://looker.example.com", client_id: "\${ID}", client_secret: "\${SECRET}" }
email: { smtp: "\${SMTP}", from: reports@example.com }
server: 0
${head}
reports:
  weekly: { schedule: "0 8 * * mon", look: 42, deliver: [{ email: ops@example.com }] }
`;

type Line = Readonly<Record<string, unknown>>;

interface Service {
  readonly ended: Promise<unknown>;
  said(message: string): Line[];
  says(message: string): Promise<Line>;
  readyz(): Promise<{ status: number; checks: Record<string, { ok: boolean; message?: string }> }>;
  stop(): Promise<void>;
}

/** The service, in this process. */
async function service({ config: file, io }: Desk, env: Env = ENV): Promise<Service> {
  const stop = new AbortController();
  const lines: Line[] = [];
  const out = { write: (text: string) => lines.push(JSON.parse(text)) };
  const read = { ...readReports(file, env), stamp: await stampOf(file) };
  const ended = serve(read, 1_000, { ...io, env, out, stop: stop.signal });
  ended.catch(() => undefined);
  const said = (message: string) => lines.filter(({ msg }) => msg === message);
  const says = async (message: string) => {
    await until(() => said(message).length > 0);
    return said(message)[0] ?? {};
  };
  onTestFinished(async () => {
    stop.abort();
    await ended.catch(() => undefined);
  });
  return {
    ended,
    said,
    says,
    async readyz() {
      const { url } = await says("answers /healthz and /readyz");
      const response = await fetch(`${url}/readyz`);
      const { checks } = (await response.json()) as Awaited<ReturnType<Service["readyz"]>>;
      return { status: response.status, checks };
    },
    async stop() {
      stop.abort();
      await ended;
    },
  };
}

test("a service that is asked to stop closes its server and signs off", async () => {
  const desk = await openDesk(reports(), ENV);
  const running = await service(desk);
  expect(await running.says("started")).toMatchObject({ reports: 1, store: join(desk.folder, "data") });
  expect(await running.readyz()).toMatchObject({ status: 200 });
  expect(await desk.ledger.lastServiceBeat()).not.toBeNull();
  await running.stop();
  expect(running.said("stopped")).toHaveLength(1);
  expect(await desk.ledger.lastServiceBeat()).toBeNull();
  const [{ url } = {}] = running.said("answers /healthz and /readyz");
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
});

test("a second service on the same folder is refused at once, and opens no server", async () => {
  const desk = await openDesk(reports(), ENV);
  const first = await service(desk);
  await first.says("started");
  const second = await service(desk);
  await expect(second.ended).rejects.toMatchObject({ code: "config" });
  expect(second.said("answers /healthz and /readyz")).toEqual([]);
  expect(second.said("waiting for the ledger")).toEqual([]);
});

test("a connection that is missing is refused at the start, not when a report is due", async () => {
  const desk = await openDesk(reports(), ENV);
  writeFileSync(desk.config, reports().replace(/^looker:.*\n/m, ""));
  const running = await service(desk);
  const ended = running.ended.catch(({ code }) => code);
  expect(await Promise.race([ended, running.says("started")])).toBe("config");
  expect(running.said("answers /healthz and /readyz")).toEqual([]);
});

test("a database that is not up is waited for: /readyz and the heartbeat say so, without its password", async () => {
  const { url, pings } = await healthchecks();
  const desk = await openDesk(reports(), ENV);
  writeFileSync(desk.config, reports(`store: "\${DB}"\nheartbeat: ${url}/ping/0b0e`));
  const running = await service(desk, { ...ENV, DB: "postgres://lookpost:db-secret@127.0.0.1:9/lookpost" });
  const { reason } = await running.says("waiting for the ledger");
  expect(await running.readyz()).toMatchObject({
    status: 503,
    checks: { ledger: { ok: false, message: reason }, schedule: { ok: false } },
  });
  await until(() => pings.length > 0);
  expect(pings[0]).toBe(`POST /ping/0b0e/fail: ${reason}`);
  expect(String(reason)).not.toContain("db-secret");
  // In the middle of a wait.
  await running.stop();
  expect(running.said("started")).toEqual([]);
  expect(running.said("stopped")).toHaveLength(1);
});

test("a changed file takes effect, except for what is opened at the start; a broken one is reported and changes nothing", async () => {
  const desk = await openDesk(reports(), ENV);
  const running = await service(desk);
  await running.says("started");
  writeFileSync(
    desk.config,
    `${reports("store: file:./elsewhere")}  more: { schedule: "0 9 * * *", look: 43, deliver: [{ email: a@example.com }] }\n`,
  );
  expect(await running.says("reports.yaml was read again")).toMatchObject({ reports: 2 });
  expect(running.said("store has changed in the file: it takes effect at the next start")).toHaveLength(1);
  expect(running.said("server has changed in the file: it takes effect at the next start")).toEqual([]);
  const plans = async () => (await desk.ledger.plans()).map(({ report }) => report).sort();
  expect(await plans()).toEqual(["more", "weekly"]);
  expect(await running.readyz()).toMatchObject({ status: 200, checks: { config: { ok: true } } });

  writeFileSync(desk.config, reports().replace("weekly:", "weekly: look: mail-secret"));
  const broken = await running.says("reports.yaml is broken: the last good one stays in use");
  expect(JSON.stringify(broken)).not.toContain("mail-secret");
  expect(await running.readyz()).toMatchObject({ status: 200, checks: { config: { ok: false } } });
  expect(await plans()).toEqual(["more", "weekly"]);
});
