import { expect, test } from "vitest";
import { commitment } from "../../../src/core/model/outcome.ts";
import { openEmail } from "../../../src/deliver/email/email.ts";
import { openGate } from "../../../src/deliver/email/gate.ts";
import { emailConnection, emailOptions } from "../../../src/deliver/email/schema.ts";
import { quickClock, renderMail, sampleMessage, systemClock, termsOf } from "../sample-message.ts";
import { cappedServer, scriptedSmtp } from "./scripted-smtp.ts";

const open = (smtp: string, more: Record<string, unknown> = {}, clock = systemClock) =>
  openEmail(emailConnection.parse({ smtp, from: "reports@example.com", ...more }), { renderMail, clock });

test.each([
  ["EHLO", "421 4.7.0 Too many concurrent connections"],
  ["MAIL", "432 4.3.2 Concurrent connections limit exceeded"],
  ["MAIL", "450 4.7.1 Try later"],
] as const)(
  "150 due at once at a server of 3 connections that answers the rest at %s with %s: each arrives once, over those three",
  async (at, answer) => {
    const server = await cappedServer(3, at, answer);
    const email = open(server.url);
    const due = Array.from({ length: 150 }, (_, index) => `r${index}@example.com`);
    let tries = 0;
    const deliver = async () => {
      for (let to = due.shift(); to !== undefined; to = due.shift()) {
        const outcome = await email.deliver(sampleMessage(), emailOptions.parse(to), termsOf());
        if (outcome.kind === "sent") continue;
        expect(outcome).toMatchObject({ kind: "again" });
        if (outcome.kind !== "again" || outcome.busy !== "others_get_through") tries += 1;
        due.push(to);
      }
    };
    await Promise.all(Array.from({ length: 10 }, deliver));
    expect(server.arrived).toHaveLength(150);
    expect(new Set(server.arrived).size).toBe(150);
    expect(tries).toBe(0);
    expect(server.counts.most).toBe(3);
    expect(server.counts.refused).toBeLessThan(30);
    expect(server.counts.admitted).toBe(3);
  },
);

test("where none gets through the server is out, as far as this process can see", async () => {
  const server = await cappedServer(0, "EHLO", "421 4.7.0 Too many concurrent connections");
  const email = open(server.url);
  const all = ["a@example.com", "b@example.com", "c@example.com"].map((to) =>
    email.deliver(sampleMessage(), emailOptions.parse(to), termsOf()),
  );
  for (const outcome of await Promise.all(all)) {
    expect(outcome).toMatchObject({ kind: "again", isServerOut: true, busy: "no_other_seen" });
  }
});

test("sessions that open and get no further count for two minutes", async () => {
  const server = await cappedServer(0, "MAIL", "432 4.3.2 Concurrent connections limit exceeded");
  let now = new Date("2026-11-16T13:00:00Z");
  const email = open(server.url, {}, { ...quickClock(), now: () => now });
  const round = async () => {
    const all = ["a@example.com", "b@example.com", "c@example.com", "d@example.com"].map((to) =>
      email.deliver(sampleMessage(), emailOptions.parse(to), termsOf()),
    );
    return (await Promise.all(all)).filter(
      (outcome) => outcome.kind === "again" && outcome.busy === "others_get_through",
    );
  };
  await round();
  now = new Date("2026-11-16T13:03:00Z");
  expect(await round()).toEqual([]);
});

test("a mailbox put off with 450 is not a busy server", async () => {
  const smtp = await scriptedSmtp((line) => (line.includes("no@") ? "450 4.2.0 Greylisted" : null));
  const email = open(smtp.url);
  const deliver = (to: string) => email.deliver(sampleMessage(), emailOptions.parse(to), termsOf());
  await deliver("yes@example.com");
  expect(await deliver("no@example.com")).not.toHaveProperty("busy");
});

test("max_connections holds the others back, and those that are stopped meanwhile leave", async () => {
  const server = await cappedServer(10, "EHLO", "");
  const email = open(server.url, { max_connections: 2 });
  const stop = new AbortController();
  const deliver = (to: string, signal = new AbortController().signal) =>
    email.deliver(sampleMessage(), emailOptions.parse(to), termsOf({ signal }));
  const first = [1, 2, 3, 4].map((at) => deliver(`r${at}@example.com`));
  const stopped = deliver("stopped@example.com", stop.signal);
  setTimeout(() => stop.abort(new Error("the worker stops")), 0);
  expect(await stopped).toMatchObject({ kind: "again", reason: expect.stringContaining("the worker stops") });
  for (const outcome of await Promise.all(first)) expect(outcome).toMatchObject({ kind: "sent" });
  expect(server.counts.most).toBe(2);
  expect(server.arrived).not.toContain("stopped@example.com");
});

test("max_per_minute spreads messages over the minutes", async () => {
  const server = await cappedServer(10, "EHLO", "");
  const clock = quickClock();
  const email = open(server.url, { max_per_minute: 2 }, clock);
  for (const at of [1, 2, 3, 4, 5])
    await email.deliver(sampleMessage(), emailOptions.parse(`r${at}@example.com`), termsOf());
  expect(clock.slept).toEqual([60_000, 60_000, 120_000]);
});

test("no connection is left open beyond what the server has shown that it takes", async () => {
  const gate = openGate({ connectionsMax: 3, perMinute: null }, systemClock);
  const { signal } = new AbortController();
  const ended = Promise.withResolvers<void>();
  const talks = [1, 2].map(() =>
    gate.through(signal, async (reached) => {
      reached("body");
      await ended.promise;
      return commitment.sent("1");
    }),
  );
  // With both under way, one connection may wait next to them.
  await new Promise(setImmediate);
  expect([gate.hasRoom(1), gate.hasRoom(2)]).toEqual([true, false]);
  const busy = { kind: "again", reason: "421", busy: "no_other_seen" } as const;
  await gate.through(signal, async () => busy);
  expect([gate.hasRoom(0), gate.hasRoom(1)]).toEqual([true, false]);
  ended.resolve();
  await Promise.all(talks);
});
