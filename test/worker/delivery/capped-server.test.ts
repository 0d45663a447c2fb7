import { expect, onTestFinished, test } from "vitest";
import { openEmail } from "../../../src/deliver/email/email.ts";
import { emailConnection, emailOptions } from "../../../src/deliver/email/schema.ts";
import { openCircuits } from "../../../src/worker/process/circuits.ts";
import type { WorkerContext } from "../../../src/worker/process/context.ts";
import { createPipeline } from "../../../src/worker/process/pipeline.ts";
import { openTraffic } from "../../../src/worker/process/traffic.ts";
import { trackUnderWay } from "../../../src/worker/process/under-way.ts";
import { cappedServer } from "../../deliver/email/scripted-smtp.ts";
import { renderMail, systemClock } from "../../deliver/sample-message.ts";
import { CLAIM, NEVER, openPipeline, pigeon, REPORT } from "../open-pipeline.ts";

const COUNT = 30;

/** A mail server as the pipeline's destination. */
function mailTo(url: string) {
  const mail = openEmail(emailConnection.parse({ smtp: url, from: "reports@example.com" }), {
    renderMail,
    clock: systemClock,
  });
  onTestFinished(() => mail.close());
  return { ...pigeon().destination, deliver: mail.deliver as never, server: () => url };
}

/** Another worker at the same ledger, with connections of its own. */
function another(worker: WorkerContext, url: string): WorkerContext {
  const destination = mailTo(url);
  return {
    ...worker,
    lease: () => ({ owner: "other", signal: NEVER, confirm: () => undefined }),
    adapters: { ...worker.adapters, destination: () => destination },
    circuits: openCircuits(worker.ledger, worker.clock),
    traffic: openTraffic(worker.ledger, worker.clock),
    underWay: trackUnderWay(),
  };
}

async function twoWorkers(server: Awaited<ReturnType<typeof cappedServer>>) {
  const to = Array.from({ length: COUNT }, (_, index) => `r${index}@example.com`);
  const deliver = to.map((address) => ({
    destination: { kind: "pigeon", options: { ...emailOptions.parse(address), loft: address } },
    attach: [],
  }));
  const house = await openPipeline({
    destination: {
      ...mailTo(server.url),
      describe: (options) => (options as { loft: string }).loft,
      identity: (options) => (options as { loft: string }).loft,
    },
    report: () => ({ ...REPORT, deliver, onFailure: [] }),
  });
  await house.ledger.signIn("other", "service", house.clock.now());
  await house.ledger.claimRun({ ...CLAIM, at: house.clock.now() });
  await house.carry("run", CLAIM.id);
  return { ...house, other: another(house.worker, server.url) };
}

test.each([
  ["EHLO", "421 4.7.0 Too many concurrent connections"],
  ["MAIL", "432 4.3.2 Concurrent connections limit exceeded"],
  ["MAIL", "450 4.7.1 Try later"],
] as const)(
  "a worker without a connection of its own to a server of three, which answers it at %s with %s, waits for the other: no try, no circuit",
  async (at, answer) => {
    const server = await cappedServer(3, at, answer, 30);
    const { ledger, clock, worker, other, deliveries } = await twoWorkers(server);
    const carry = async (context: WorkerContext) => {
      const pipeline = createPipeline(context);
      const { owner } = context.lease();
      for (
        let isOver = false;
        !isOver;
        isOver = (await deliveries()).every(({ settledAt }) => settledAt !== null)
      ) {
        const due = await ledger.work(owner, "service", clock.now(), 10);
        await Promise.all(due.map((work) => pipeline.carryOut(work, NEVER)));
        if (due.length === 0) clock.advance(500);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    };
    const first = carry(worker);
    await expect.poll(() => server.counts.admitted).toBe(3);
    const refused = server.counts.refused;
    await Promise.all([first, carry(other)]);
    expect(server.counts.refused).toBeGreaterThan(refused);
    expect(server.arrived.sort()).toEqual((await deliveries()).map(({ target }) => target).sort());
    for (const delivery of await deliveries()) expect(delivery).toMatchObject({ state: "sent", tries: 0 });
    expect((await ledger.circuits()).filter(({ failures }) => failures > 0)).toEqual([]);
  },
);

test("where no worker gets through, the server is out", async () => {
  const server = await cappedServer(0, "EHLO", "421 4.3.2 Service not available");
  const { ledger, clock, settle } = await twoWorkers(server);
  await settle();
  expect(await ledger.circuits()).toMatchObject([{ failures: 5 }]);
  clock.advance(500);
});
