import { mkdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import { makingFailure } from "../../../src/worker/run/failure.ts";

const noRoom = Object.assign(new Error("ENOSPC: no space left on device, write"), {
  code: "ENOSPC",
  syscall: "write",
});

test("a full disk passes, wherever the system's error was wrapped", () => {
  for (const thrown of [
    noRoom,
    new ReportError("The result cannot be written.", { code: "local", cause: noRoom }),
  ])
    expect(makingFailure(thrown)).toMatchObject({
      code: "local",
      retryable: true,
      advice: expect.stringContaining("Make room"),
    });
});

test("it is said once, however often the error is passed on, and a disk without room says so itself", () => {
  const full = makingFailure(noRoom);
  expect(makingFailure(full.under("Section 1")).message).toBe(`Section 1: ${full.message}`);
  const floor = new ReportError("The disk has 3 MB left.", { code: "local", retryable: true });
  expect(makingFailure(floor)).toBe(floor);
});

test("a folder that cannot be used is for a person to fix", async () => {
  const thrown = await mkdir("/proc/version/a-folder").catch((cause: unknown) => cause);
  expect(makingFailure(thrown)).toMatchObject({
    retryable: false,
    advice: expect.stringContaining("data folder"),
  });
});

test("what has nothing to do with the disk stays as it is", () => {
  const timeout = new ReportError("too slow", { code: "timeout" });
  expect(makingFailure(timeout)).toBe(timeout);
});

test("what has run out for a moment passes, however deep it was met, and says what it is", () => {
  for (const code of ["EMFILE", "ENFILE", "ENOMEM", "EAGAIN", "EDQUOT"]) {
    const met = Object.assign(new Error(`${code}: open`), { code, syscall: "open" });
    for (const thrown of [
      met,
      new AggregateError([met]),
      new Error("fetch failed", { cause: met }),
      new ReportError("x", { code: "local", cause: new Error("y", { cause: met }) }),
    ]) {
      const failure = makingFailure(thrown);
      expect(failure).toMatchObject({ code: "local", retryable: true });
      expect(failure.advice).toMatch(/tried again by itself/);
    }
  }
});

test("what was not foreseen is tried again: a fault of ours, code that could not be loaded, a file that went", async () => {
  const missing = await import(`./not-there-${Date.now()}.ts`).catch((cause: unknown) => cause);
  const gone = await mkdir("/nowhere/at/all").catch((cause: unknown) => cause);
  for (const thrown of [new TypeError("a fault of ours"), missing, gone, "a word", null])
    expect(makingFailure(thrown)).toMatchObject({ code: "local", retryable: true });
  const own = new ReportError("It is not in the spool any more.", { code: "local" });
  expect(makingFailure(own)).toBe(own);
});
