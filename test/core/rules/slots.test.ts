import { expect, test } from "vitest";
import { createSlots } from "../../../src/core/rules/slots.ts";

const never = new AbortController().signal;

test("no more work enters than there are slots, first come, first served", async () => {
  const slots = createSlots(2);
  const entered: number[] = [];
  const leave: (() => void)[] = [];
  const all = [1, 2, 3, 4].map(async (number) => {
    leave[number] = await slots.take(never);
    entered.push(number);
  });
  await Promise.all(all.slice(0, 2));
  expect([entered, slots.waiting]).toEqual([[1, 2], 2]);
  leave[2]?.();
  leave[2]?.();
  await all[2];
  expect([entered, slots.waiting]).toEqual([[1, 2, 3], 1]);
  leave[1]?.();
  await all[3];
  expect(entered).toEqual([1, 2, 3, 4]);
});

test("work that gives up while waiting leaves the queue and takes no slot", async () => {
  const slots = createSlots(1);
  const free = await slots.take(never);
  const impatient = new AbortController();
  const waiting = slots.take(impatient.signal);
  impatient.abort(new Error("shutting down"));
  await expect(waiting).rejects.toThrow("shutting down");
  expect(slots.waiting).toBe(0);
  free();
  const again = await slots.take(never);
  again();
  await expect(slots.take(AbortSignal.abort(new Error("too late")))).rejects.toThrow("too late");
});
