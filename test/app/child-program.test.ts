import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { childProgram } from "../../src/app/child-program.ts";

const started = (files: () => readonly string[]) =>
  childProgram({ entry: "draw/process/child", name: "chart", files }).start({ env: {} });

test("a program whose files are missing is not started, and a sentence says that the installation is not whole", async () => {
  await expect(started(() => [readFileSync("/no/such/font.ttf", "utf8")])).rejects.toMatchObject({
    code: "local",
    retryable: true,
    message: "The installation is not whole: /no/such/font.ttf cannot be read (ENOENT).",
  });
  await expect(
    started(() => [createRequire(import.meta.url).resolve("lookpost-no-such-package")]),
  ).rejects.toMatchObject({
    message: "The installation is not whole: Cannot find module 'lookpost-no-such-package'.",
  });
});

test("what the machine has run out of is no fault of the installation", async () => {
  const full = Object.assign(new Error("EMFILE: too many open files"), { code: "EMFILE" });
  await expect(
    started(() => {
      throw full;
    }),
  ).rejects.toBe(full);
});
