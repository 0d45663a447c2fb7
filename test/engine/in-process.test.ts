import { expect, test } from "vitest";
import type { Pipeline } from "../../src/core/engine.ts";
import { inProcessEngine } from "../../src/engine/in-process.ts";

/** A pipeline that writes down what it is asked, and holds each run until it is let go or aborted. */
function watchedPipeline(deliveriesOf: (runId: string) => string[] = () => []) {
  const log: string[] = [];
  const held = new Map<string, () => void>();
  const pipeline: Pipeline = {
    async run(id, signal) {
      log.push(`run ${id}${signal.aborted ? " aborted" : ""}`);
      if (!signal.aborted) {
        await new Promise<void>((resolve) => {
          held.set(id, resolve);
          signal.addEventListener("abort", () => resolve());
        });
      }
      log.push(`end ${id}${signal.aborted ? " aborted" : ""}`);
      return signal.aborted ? [] : deliveriesOf(id);
    },
    async deliver(id, signal) {
      log.push(`deliver ${id}${signal.aborted ? " aborted" : ""}`);
    },
  };
  const letGo = async (id: string) => {
    while (!held.has(id)) await new Promise(setImmediate);
    held.get(id)?.();
  };
  return { pipeline, log, letGo, held };
}

async function settled() {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

test("one run at a time for each report, in the order they came; reports do not wait for each other", async () => {
  const { pipeline, log, letGo } = watchedPipeline();
  const engine = inProcessEngine({ deliveriesMax: 5 });
  await engine.start(pipeline);
  for (const id of ["a1", "a2", "b1"]) await engine.submit({ id, report: id.slice(0, 1) });
  await settled();
  expect(log).toEqual(["run a1", "run b1"]);
  await letGo("a1");
  await letGo("a2");
  await letGo("b1");
  await engine.idle();
  expect(log).toEqual(["run a1", "run b1", "end a1", "run a2", "end a2", "end b1"]);
});

test("a run's deliveries are made before the next run of the report begins", async () => {
  const { pipeline, log, letGo } = watchedPipeline((id) => [`${id}-x`, `${id}-y`]);
  const engine = inProcessEngine({ deliveriesMax: 1 });
  await engine.start(pipeline);
  await engine.submit({ id: "a1", report: "a" });
  await engine.submit({ id: "a2", report: "a" });
  await letGo("a1");
  await letGo("a2");
  await engine.idle();
  expect(log.indexOf("deliver a1-y")).toBeLessThan(log.indexOf("run a2"));
});

test("at a stop, what runs may end within the grace period", async () => {
  const { pipeline, log, letGo } = watchedPipeline(() => ["d"]);
  const engine = inProcessEngine({ deliveriesMax: 5 });
  await engine.start(pipeline);
  await engine.submit({ id: "a1", report: "a" });
  await settled();
  const stopped = engine.stop(60_000);
  await letGo("a1");
  await stopped;
  expect(log).toEqual(["run a1", "end a1", "deliver d"]);
});

test("at a stop, what waits is not begun, and what runs beyond the grace period is aborted", async () => {
  const { pipeline, log } = watchedPipeline(() => ["d"]);
  const engine = inProcessEngine({ deliveriesMax: 5 });
  await engine.start(pipeline);
  await engine.submit({ id: "a1", report: "a" });
  await engine.submit({ id: "a2", report: "a" });
  await settled();
  await engine.stop(5);
  expect(log).toEqual(["run a1", "end a1 aborted", "run a2 aborted", "end a2 aborted"]);
});

test("a submission after the stop is written down, not begun", async () => {
  const { pipeline, log } = watchedPipeline();
  const engine = inProcessEngine({ deliveriesMax: 5 });
  await engine.start(pipeline);
  await engine.stop(0);
  await engine.submit({ id: "late", report: "a" });
  await engine.idle();
  expect(log).toEqual(["run late aborted", "end late aborted"]);
});
