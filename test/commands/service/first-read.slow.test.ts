import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { firstRead } from "../../../src/commands/service/first-read.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lookpost-first-read-"));
  file = join(folder, "reports.yaml");
});
afterEach(() => rmSync(folder, { recursive: true }));

const WHOLE = `version: 1
looker: { base_url: "https://looker.example.com", client_id: id, client_secret: "\${SECRET}" }
email: { smtp: "smtps://mail.example.com", from: reports@example.com }
reports:
  weekly: { schedule: "0 8 * * mon", look: 42, deliver: [{ email: ana@example.com }] }
`;
/** Cut within a line, within the file, and before its first byte, as it is after it was truncated. */
const HALVES = [WHOLE.slice(0, -40), WHOLE.slice(0, 60), ""];

const never = new AbortController().signal;
const asked = { env: { SECRET: "secret-of-the-test" }, stop: never };
const noWait = () => Promise.reject(new Error("It waited."));

test.each(HALVES)(
  "a file that is half there, as it is written in place, is read again a moment later (%#)",
  async (half) => {
    writeFileSync(file, half);
    let waits = 0;
    const read = await firstRead(file, asked, async () => {
      waits += 1;
      writeFileSync(file, WHOLE);
    });
    expect(read).toMatchObject({ problems: [], config: { reports: [{ name: "weekly" }] } });
    expect(waits).toBe(1);
  },
);

test("one that stays broken is given up after three readings, and one that has been broken for longer at once", async () => {
  writeFileSync(file, HALVES[0] ?? "");
  let waits = 0;
  const again = async () => {
    waits += 1;
    utimesSync(file, new Date(), new Date());
  };
  const read = await firstRead(file, asked, again);
  expect(read?.problems).not.toEqual([]);
  expect(waits).toBe(2);
  const before = new Date(Date.now() - 60_000);
  utimesSync(file, before, before);
  expect((await firstRead(file, asked, noWait))?.problems).not.toEqual([]);
});

test("one that is whole is read once, and one that is not there is not waited for", async () => {
  writeFileSync(file, WHOLE);
  expect(await firstRead(file, asked, noWait)).toMatchObject({ problems: [] });
  rmSync(file);
  await expect(firstRead(file, asked, noWait)).rejects.toMatchObject({ code: "config" });
});
