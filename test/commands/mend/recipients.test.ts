import { expect, test } from "vitest";
import { recipientsCommand } from "../../../src/commands/mend/recipients.ts";
import { at, type Desk, openDesk } from "../house.ts";

const recipients = (desk: Desk, name?: string, options: Record<string, unknown> = {}) =>
  recipientsCommand(name, { config: desk.config, ...options }, desk.io);
const OPS = { report: "weekly", kind: "email", recipient: "ops@example.com" };

test("nobody has unsubscribed, and that is said", async () => {
  const desk = await openDesk();
  expect(await recipients(desk)).toBe(0);
  expect(await recipients(desk, "weekly")).toBe(0);
  expect(desk.out()).toBe("No recipient has unsubscribed.\nNo recipient has unsubscribed from weekly.\n");
});

test("those who have are listed, for people and for programs", async () => {
  const desk = await openDesk();
  await desk.ledger.unsubscribe(OPS, "link", at(0));
  await desk.ledger.unsubscribe({ ...OPS, report: "gone" }, "command", at(1));
  await recipients(desk);
  expect(desk.out()).toMatch(
    /^gone {4}email ops@example\.com {2}since 2026-11-16 \d\d:\d\d {2}by a command\nweekly {2}email ops@example\.com {2}since 2026-11-16 \d\d:\d\d {2}by the link in a message\n$/,
  );
  const before = desk.out().length;
  await recipients(desk, "weekly", { json: true });
  const lines = desk.out().slice(before).trim().split("\n");
  const ledger = expect.stringMatching(/\/ledger\.sqlite$/);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { type: "unsubscribed", ...OPS, at: at(0).toISOString(), how: "link" },
    { type: "ledger", ledger },
  ]);
  expect(desk.err()).toMatch(/^Read from the ledger \/.*\/ledger\.sqlite$/m);
});

test("one who asked by mail is unsubscribed, and it is lifted again", async () => {
  const desk = await openDesk();
  expect(await recipients(desk, "weekly", { unsubscribe: ["OPS@example.com"] })).toBe(0);
  expect(await desk.ledger.unsubscribed("weekly")).toMatchObject([{ ...OPS, how: "command" }]);
  expect(await recipients(desk, "weekly", { unsubscribe: ["ops@example.com"] })).toBe(0);
  expect(await recipients(desk, undefined, { lift: ["ops@example.com"] })).toBe(0);
  expect(await desk.ledger.unsubscribed(null)).toEqual([]);
  expect(desk.out()).toBe(
    "weekly is not sent any more to email ops@example.com.\n" +
      "weekly is not sent any more to email ops@example.com, as before.\n" +
      "weekly is sent to email ops@example.com.\n",
  );
});

test("a slip of the keyboard changes nothing, and is told with what was meant", async () => {
  const desk = await openDesk();
  await expect(recipients(desk, "weekly", { unsubscribe: ["opps@example.com"] })).rejects.toMatchObject({
    message: expect.stringContaining("opps@example.com is not a recipient of weekly. Did you mean"),
  });
  await expect(recipients(desk, undefined, { lift: ["ops@example.com"] })).rejects.toMatchObject({
    message: "ops@example.com has not unsubscribed from any report.",
  });
  await expect(recipients(desk, "weakly")).rejects.toMatchObject({
    message: expect.stringContaining('There is no report "weakly"'),
  });
  await expect(recipients(desk, undefined, { unsubscribe: ["ops@example.com"] })).rejects.toMatchObject({
    message: "--unsubscribe needs to know from which report.",
  });
  expect(await desk.ledger.unsubscribed(null)).toEqual([]);
});
