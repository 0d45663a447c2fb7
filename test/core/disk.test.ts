import { expect, test } from "vitest";
import { diskRefusalOf } from "../../src/core/disk.ts";
import { ReportError } from "../../src/core/error.ts";
import { shortageOf } from "../../src/core/shortage.ts";
import { fileFailure } from "../../src/deliver/file/failure.ts";
import { unwritable } from "../../src/looker/http/spool-writer.ts";
import { makingFailure } from "../../src/worker/run/failure.ts";

/** By the system's word: what it means, what helps, and whether it passes by itself. */
const KNOWN = [
  ["ENOSPC", /is full/, /Make room/, true],
  ["EDQUOT", /quota .* is used up/, /Raise that quota/, true],
  ["EFBIG", /larger than this process or its file system allows/, /ulimit -f.*LimitFSIZE=/, false],
  ["EROFS", /mounted read-only/, /Mount .* for writing/, false],
  ["EIO", /the disk of .+ failed/i, /Look at the disk/, true],
] as const;

const refusal = (code: string) =>
  Object.assign(new Error(`${code}: refused, write`), { code, syscall: "write" });

test.each(KNOWN)("%s is told apart wherever something is written", (code, what, advice, passes) => {
  const made = makingFailure(refusal(code));
  expect(made).toMatchObject({ code: "local", retryable: passes });
  expect(made.message).toMatch(what);
  expect(made.advice).toMatch(advice);

  const spooled = unwritable("/data/spool/r1/result.csv", refusal(code));
  expect(spooled).toMatchObject({ message: expect.stringMatching(what), retryable: passes });
  // Said once, in whatever it is wrapped.
  const passedOn = makingFailure(makingFailure(spooled).under("Section 1"));
  expect(passedOn.message.match(new RegExp(what, "g"))).toHaveLength(1);
  expect(passedOn).toMatchObject({ retryable: passes, advice: expect.stringMatching(advice) });

  const delivered = fileFailure(refusal(code), "/out", null);
  expect(delivered).toMatchObject({ kind: passes ? "again" : "refused" });
  expect(delivered).toMatchObject({
    reason: expect.stringMatching(what),
    advice: expect.stringMatching(advice),
  });
});

test("what is no word of a disk is none, and only what passes is a shortage", () => {
  expect(diskRefusalOf(new Error("x", { cause: refusal("toString") }), "/data")).toBeNull();
  expect(
    diskRefusalOf(new ReportError("x", { code: "local", cause: refusal("EROFS") }), "/data"),
  ).toMatchObject({
    code: "EROFS",
    what: "the disk of /data is mounted read-only",
  });
  for (const [code, , , passes] of KNOWN) expect(shortageOf(refusal(code)) !== null).toBe(passes);
});
