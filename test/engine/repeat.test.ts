import { expect, test } from "vitest";
import { throttled } from "../../src/core/error.ts";
import { repeat } from "../../src/engine/repeat.ts";
import { clock, until } from "./clock.ts";

const HOUR_MS = 3_600_000;
const fail = (thrown: unknown) => expect.fail(String(thrown));

test("a step is done at once, and again when it is woken, however often that was", async () => {
  let steps = 0;
  let underWay = 0;
  const step = async () => {
    underWay += 1;
    expect(underWay).toBe(1);
    await clock.sleep(10);
    underWay -= 1;
    steps += 1;
  };
  const repeated = repeat(step, { everyMs: HOUR_MS, rest: 0, trouble: fail });
  for (let count = 0; count < 10; count += 1) repeated.wake();
  await until(() => steps === 2);
  repeated.wake();
  await until(() => steps === 3);
  await clock.sleep(30);
  await repeated.stop();
  expect(steps).toBe(3);
});

test("a step that fails is told of and done again", async () => {
  const told: unknown[] = [];
  let steps = 0;
  const step = async () => {
    steps += 1;
    if (steps < 3) throw new Error(`Failure ${steps}.`);
  };
  const repeated = repeat(step, { everyMs: 1, rest: 0, trouble: (thrown) => told.push(thrown) });
  await until(() => steps >= 3);
  await repeated.stop();
  expect(told).toEqual([new Error("Failure 1."), new Error("Failure 2.")]);
});

test("a stop waits for the step under way, and cuts every wait short", async () => {
  let isEnded = false;
  const step = async () => {
    await clock.sleep(20);
    isEnded = true;
  };
  const repeated = repeat(step, { everyMs: HOUR_MS, rest: HOUR_MS, trouble: fail });
  await repeated.stop();
  expect(isEnded).toBe(true);
  const resting = repeat(step, { everyMs: HOUR_MS, rest: HOUR_MS, trouble: fail });
  isEnded = false;
  await until(() => isEnded);
  await clock.sleep(5);
  await resting.stop();
});

test("the same trouble is told once, another at once", () => {
  const told: unknown[] = [];
  const trouble = throttled((thrown) => told.push(thrown));
  for (const thrown of [new Error("a"), new Error("a"), new Error("b"), "a", new Error("b")]) trouble(thrown);
  expect(told).toEqual([new Error("a"), new Error("b")]);
});
