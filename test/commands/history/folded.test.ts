import { expect, test } from "vitest";
import { historyCommand } from "../../../src/commands/history/history.ts";
import { at, claim, flat, openDesk } from "../house.ts";
import { SERVICE } from "./states.ts";

const ONE = { id: "d1", kind: "email", target: "ops@example.com", recipients: "", identity: "i", entry: "e" };

test("recipients who are served one after the other take three lines, however many they are", async () => {
  const desk = await openDesk();
  const { ledger } = desk;
  await claim(ledger);
  await ledger.takeRun("run1", SERVICE, at(1));
  await ledger.planDeliveries({ id: "run1", attempt: 1 }, [ONE], 3, at(1));
  for (let attempt = 1; attempt <= 9; attempt += 1) {
    await ledger.takeDelivery("d1", SERVICE, at(1, attempt));
    const served = { externalId: "<1@x>", remaining: ["z@example.com"], refused: [] };
    const waits = {
      reason: "Sent to some; more follow.",
      advice: null,
      end: "sent",
      isUncertain: false,
    } as const;
    const settlement =
      attempt < 9
        ? ({ state: "waiting", nextAt: at(1, attempt), served, ...waits } as const)
        : ({ state: "sent", externalId: "<1@x>", refused: [], reason: null, bytes: 1 } as const);
    await ledger.settleDelivery({ id: "d1", attempt }, settlement, at(1, attempt));
  }
  await historyCommand(undefined, { config: desk.config, limit: 20, run: "run1" }, desk.io, at(2));
  const said = flat(desk.out());
  expect(said).toContain("attempt 1 (process 41 on vm-1): sent");
  expect(said).toContain("attempts 2 to 8: sent, to one after the other");
  expect(said).toContain("attempt 9 (process 41 on vm-1): sent");
  expect(said).not.toContain("attempt 5");
});
