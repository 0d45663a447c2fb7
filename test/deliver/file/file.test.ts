import { execFile, execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import {
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import type { Message } from "../../../src/core/model/message.ts";
import { file, openFile } from "../../../src/deliver/file/file.ts";
import { fileOptions } from "../../../src/deliver/file/schema.ts";
import { renderMail, sampleMessage, sha256, termsOf } from "../sample-message.ts";
import { artifactOf, scratchFolder } from "../scratch.ts";

let directory: string;
beforeEach(async () => {
  directory = await scratchFolder();
});

const open = () => openFile({ renderMail, directory });
const outputFolder = (...names: string[]) => path.join(directory, "out", "weekly-delays", ...names);

function deliver(
  over: Partial<Message> = {},
  sending: Parameters<typeof termsOf>[0] = {},
  to: unknown = "./out/",
) {
  return open().deliver(sampleMessage(over), fileOptions.parse(to), termsOf(sending));
}

function find(key: string) {
  return open().find?.(sampleMessage({ key }), new Date(0), fileOptions.parse("./out/"), termsOf());
}

test("a report stands in a folder named for it and for its local time, with a label that says what is in it", async () => {
  const bytes = Buffer.from(Array.from({ length: 700_001 }, (_, index) => (index * 7) % 256));
  const artifacts = [
    await artifactOf("Verspätungen 週.csv", "a,b\r\n"),
    await artifactOf("delays.xlsx", bytes),
  ];
  const outcome = await deliver({ artifacts });
  const folder = outputFolder("2026-11-16T0800");
  expect(outcome).toEqual({ kind: "sent", externalId: folder, refused: [] });
  expect((await readdir(folder)).sort()).toEqual([
    "Verspätungen 週.csv",
    "delays.xlsx",
    "delivery.json",
    "digest.html",
    "digest.txt",
  ]);
  expect(sha256(await readFile(path.join(folder, "delays.xlsx")))).toBe(sha256(bytes));
  expect(await readFile(path.join(folder, "digest.txt"), "utf8")).toContain("1 250 of Zürich–Genève");
  const label = JSON.parse(await readFile(path.join(folder, "delivery.json"), "utf8"));
  expect(label).toMatchObject({
    key: "run-1/email/1",
    run: "run-1",
    report: "weekly-delays",
    due: "2026-11-16T13:00:00.000Z",
    timezone: "America/New_York",
    purpose: "report",
    subject: "Weekly flight delays",
  });
  expect(label.files[1]).toEqual({ name: "delays.xlsx", bytes: 700_001, sha256: sha256(bytes) });
  expect(label.files.map(({ name }: { name: string }) => name)).toEqual([
    "Verspätungen 週.csv",
    "delays.xlsx",
    "digest.html",
    "digest.txt",
  ]);
  expect(await readdir(outputFolder())).toEqual(["2026-11-16T0800"]);
});

test("pictures stand beside the page that shows them, under names of their own", async () => {
  const pictures = await Promise.all(
    ["chart 1.png", "digest.html"].map(async (name) => ({
      name,
      file: (await artifactOf(name, name)).file,
      width: 10,
      height: 10,
      alt: "",
    })),
  );
  const message = { pictures, artifacts: [await artifactOf("Chart 1.PNG", "an artifact")] };
  const shows = openFile({
    directory,
    renderMail: (of, sourceOf) => ({ html: of.pictures.map((one) => sourceOf?.(one)).join(" "), text: "" }),
  });
  await shows.deliver(sampleMessage(message), fileOptions.parse("./out/"), termsOf());
  const folder = outputFolder("2026-11-16T0800");
  const names = ["chart 1-2.png", "digest-2.html"];
  expect(await readFile(path.join(folder, "digest.html"), "utf8")).toBe("chart%201-2.png digest-2.html");
  for (const [index, name] of names.entries())
    expect(await readFile(path.join(folder, name), "utf8")).toBe(pictures[index]?.name);
  expect(await readFile(path.join(folder, "Chart 1.PNG"), "utf8")).toBe("an artifact");
  const preview = await shows.preview?.(sampleMessage(message), fileOptions.parse("./elsewhere/"));
  expect(preview?.map(({ name }) => name)).toEqual(["digest.html", "digest.txt", ...names]);
  expect(await readdir(directory)).toEqual(["out"]);
});

test("an absolute path and the long form are taken too", async () => {
  const elsewhere = await scratchFolder();
  expect(await deliver({}, {}, { path: elsewhere })).toMatchObject({
    externalId: path.join(elsewhere, "weekly-delays", "2026-11-16T0800"),
  });
  expect(fileOptions.safeParse("").success).toBe(false);
  expect(fileOptions.safeParse({ folder: "x" }).success).toBe(false);
  expect(file.describe(fileOptions.parse("./out/"))).toBe("./out/");
});

test("the same delivery made again is the same folder, another one of the same minute stands beside it", async () => {
  await deliver({ key: "a" });
  const before = await stat(outputFolder("2026-11-16T0800"));
  expect(await deliver({ key: "a" })).toMatchObject({ externalId: outputFolder("2026-11-16T0800") });
  expect((await stat(outputFolder("2026-11-16T0800"))).mtimeMs).toBe(before.mtimeMs);
  expect(await deliver({ key: "b" })).toMatchObject({ externalId: outputFolder("2026-11-16T0800-2") });
  expect(await deliver({ key: "c", purpose: "notice" })).toMatchObject({
    externalId: outputFolder("2026-11-16T0800-notice"),
  });
  await mkdir(outputFolder("2026-11-16T0800-3"));
  expect(await deliver({ key: "d" })).toMatchObject({ externalId: outputFolder("2026-11-16T0800-4") });
});

test("a delivery is found by its key among others, and one that was never made is not", async () => {
  expect(await find("a")).toBeNull();
  for (const key of ["a", "b", "c"]) await deliver({ key });
  await writeFile(outputFolder("2026-11-16T0800", "delivery.json"), "half of a la");
  expect(await find("b")).toBe(outputFolder("2026-11-16T0800-2"));
  expect(await find("c")).toBe(outputFolder("2026-11-16T0800-3"));
  expect(await find("a")).toBeNull();
  expect(await find("d")).toBeNull();
  await rm(outputFolder("2026-11-16T0800-2"), { recursive: true });
  expect(await find("c")).toBe(outputFolder("2026-11-16T0800-3"));
});

test("deliveries made at the same time all stand, each once", async () => {
  const keys = Array.from({ length: 12 }, (_, index) => `k${index}`);
  const outcomes = await Promise.all(keys.map((key) => deliver({ key })));
  const folders = outcomes.map((outcome) => (outcome.kind === "sent" ? outcome.externalId : outcome.reason));
  expect(new Set(folders).size).toBe(12);
  expect((await readdir(outputFolder())).sort()).toEqual(
    folders.map((folder) => path.basename(folder)).sort(),
  );
});

test("what stands is whole at the moment it appears: the right to act is asked for before", async () => {
  const seen: string[][] = [];
  const commit = async () =>
    void seen.push(readdirSync(outputFolder()).map((name) => name.replace(/-.*$/, "")));
  await deliver({}, { commit });
  expect(seen).toEqual([[".lookpost"]]);
  const lost = () => {
    throw new ReportError("This worker stood still.", { code: "cancelled" });
  };
  expect(await deliver({ key: "b" }, { commit: lost })).toEqual({
    kind: "again",
    reason: expect.stringContaining("This worker stood still."),
  });
  expect(await readdir(outputFolder())).toEqual(["2026-11-16T0800"]);
});

test("what a kill left behind is hidden, and cleared by the next attempt at the same delivery", async () => {
  const probe = path.join(import.meta.dirname, "killed-probe.ts");
  const killed = promisify(execFile)(process.execPath, [probe, directory, "a"]);
  await expect(killed).rejects.toMatchObject({ signal: "SIGKILL" });
  const [left] = await readdir(outputFolder());
  expect(left).toMatch(/^\.lookpost-/);
  expect(await find("a")).toBeNull();
  await deliver({ key: "other" });
  expect(await readdir(outputFolder())).toContain(left);
  expect(await deliver({ key: "a" })).toMatchObject({ externalId: outputFolder("2026-11-16T0800-2") });
  expect(await readdir(outputFolder())).toEqual(["2026-11-16T0800", "2026-11-16T0800-2"]);
});

test("what was left behind for a day is cleared by any attempt", async () => {
  const left = outputFolder(".lookpost-0123456789abcdef-a1B2c3");
  await mkdir(left, { recursive: true });
  const old = new Date(Date.now() - 25 * 3_600_000);
  await utimes(left, old, old);
  await deliver();
  expect(await readdir(outputFolder())).toEqual(["2026-11-16T0800"]);
});

test("file names that would clash or lead elsewhere are told apart and kept inside", async () => {
  const artifacts = [
    await artifactOf("digest.html", "mine"),
    await artifactOf("Delivery.JSON", "mine"),
    await artifactOf("../../up.csv", "mine"),
  ];
  await deliver({ artifacts });
  const names = await readdir(outputFolder("2026-11-16T0800"));
  expect(names).toEqual(
    expect.arrayContaining(["digest-2.html", "Delivery-2.JSON", "digest.html", "_-..-up.csv"]),
  );
  expect(await readdir(directory)).toEqual(["out"]);
});

test("a stop before it stands: again, and nothing is left", async () => {
  const stop = AbortSignal.abort(new Error("the worker stops"));
  expect(await deliver({}, { signal: stop })).toEqual({
    kind: "again",
    reason: expect.stringContaining("the worker stops"),
  });
  const destination = open();
  destination.close();
  expect(await destination.deliver(sampleMessage(), fileOptions.parse("./out/"), termsOf())).toMatchObject({
    kind: "again",
  });
  expect(await readdir(directory)).toEqual([]);
});

test("a file in the place of the folder is refused, with what to do, also ahead of time", async () => {
  await writeFile(path.join(directory, "out"), "not a folder");
  const refused = {
    kind: "refused",
    reason: `${path.join(directory, "out")} is not a folder, or is below something that is not a folder (ENOTDIR).`,
    advice: "Name a folder, or remove what is in its place.",
  };
  expect(await deliver()).toEqual(refused);
  const findings = await open().check?.(fileOptions.parse("./out/"), new AbortController().signal);
  expect(findings).toEqual([{ message: refused.reason, advice: refused.advice, path: [] }]);
  expect(await open().check?.(fileOptions.parse("./other/deep"), new AbortController().signal)).toEqual([]);
});

test("a folder below a file system that takes none is not waited for", async ({ skip }) => {
  skip(
    process.platform !== "linux",
    "Only Linux has /proc, which says of a folder to be made that its parent is not there.",
  );
  expect(await deliver({}, {}, "/proc/lookpost/out")).toMatchObject({
    kind: "again",
    reason: expect.stringContaining("/proc/lookpost"),
  });
});

test("a source that is gone: refused, and nothing is written", async () => {
  const artifact = await artifactOf("delays.csv", "a\r\n");
  await rm(artifact.file.path);
  expect(await deliver({ artifacts: [artifact] })).toMatchObject({
    kind: "refused",
    advice: expect.stringContaining("Run the report again"),
  });
  expect(await readdir(directory)).toEqual([]);
});

test("a folder that may not be written is refused, with what to do", async () => {
  await mkdir(path.join(directory, "out"));
  await chmod(path.join(directory, "out"), 0o500);
  await asNoRoot(directory);
  expect(await deliver()).toMatchObject({
    kind: "refused",
    reason: expect.stringContaining("may not be written (EACCES)"),
    advice: expect.stringContaining("the right to write there"),
  });
});

test("a disk that is full: again, and room is made of what was begun", async ({ skip }) => {
  const out = path.join(directory, "out");
  await mkdir(out);
  const small = ["-t", "tmpfs", "-o", "size=256k", "tmpfs", out];
  await promisify(execFile)("mount", small).catch(() => skip("nobody may make a small disk here"));
  onTestFinished(() => void execFileSync("umount", [out]));
  const artifacts = [await artifactOf("large.csv", Buffer.alloc(1_000_000, "1,2,3\r\n"))];
  expect(await deliver({ artifacts })).toEqual({
    kind: "again",
    reason: `Nothing was put into ${out}: the disk of ${out} is full (ENOSPC).`,
    advice: `Make room on the disk of ${out}.`,
  });
  expect(await readdir(outputFolder())).toEqual([]);
  expect(await deliver()).toMatchObject({ kind: "sent" });
});

/** Root may write everywhere: until the test ends, this process is somebody else, to whom the folder belongs. */
async function asNoRoot(folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const nobody = 65_534;
  const inside = await readdir(folder, { recursive: true });
  for (const name of ["", ...inside]) await chown(path.join(folder, name), nobody, nobody);
  onTestFinished(() => void process.seteuid?.(0));
  process.seteuid?.(nobody);
}

test("no symbolic link below the path is followed, in writing, looking up or tidying", async () => {
  const elsewhere = path.join(directory, "elsewhere");
  await mkdir(elsewhere);
  await writeFile(path.join(elsewhere, "theirs"), "");
  await mkdir(path.join(directory, "out"));
  await symlink(elsewhere, outputFolder());
  expect(await deliver()).toMatchObject({
    kind: "refused",
    reason: expect.stringContaining("symbolic link"),
  });
  expect(await readdir(elsewhere)).toEqual(["theirs"]);
  await rm(outputFolder());
  await mkdir(outputFolder());
  await writeFile(path.join(elsewhere, "delivery.json"), JSON.stringify({ key: "run-1/email/1" }));
  await symlink(elsewhere, outputFolder("2026-11-16T0800"));
  const left = outputFolder(".lookpost-0123456789abcdef-left");
  await symlink(elsewhere, left);
  await utimes(elsewhere, 0, 0);
  expect(await find("run-1/email/1")).toBeNull();
  expect(await deliver()).toMatchObject({ kind: "sent", externalId: outputFolder("2026-11-16T0800-2") });
  expect((await readdir(elsewhere)).sort()).toEqual(["delivery.json", "theirs"]);
});

/** An artifact that knows its hash, as large files do. */
async function hashed(content: string) {
  const artifact = await artifactOf("delays.csv", content);
  return { ...artifact, file: { ...artifact.file, sha256: sha256(Buffer.from(content)) } };
}

test("the only delivery of a run gets its file as it is, under a second name", async () => {
  const artifact = await hashed("a,b\r\n");
  await deliver({ artifacts: [artifact] }, { ownsFiles: true });
  const delivered = await stat(outputFolder("2026-11-16T0800", "delays.csv"));
  expect(delivered).toMatchObject({ nlink: 2, ino: (await stat(artifact.file.path)).ino });
  const label = JSON.parse(await readFile(outputFolder("2026-11-16T0800", "delivery.json"), "utf8"));
  expect(label.files[0]).toEqual({ name: "delays.csv", bytes: 5, sha256: sha256(Buffer.from("a,b\r\n")) });
});

test("a file that others may read as well is copied, and so is one that has two names already", async () => {
  const artifact = await hashed("a,b\r\n");
  await deliver({ key: "a", artifacts: [artifact] });
  await deliver({ key: "b", artifacts: [artifact] }, { ownsFiles: true });
  await deliver({ key: "c", artifacts: [artifact] }, { ownsFiles: true });
  const folders = ["2026-11-16T0800", "2026-11-16T0800-2", "2026-11-16T0800-3"];
  const links = folders.map(async (name) => (await stat(outputFolder(name, "delays.csv"))).nlink);
  expect(await Promise.all(links)).toEqual([1, 2, 1]);
  expect(await readFile(outputFolder("2026-11-16T0800-3", "delays.csv"), "utf8")).toBe("a,b\r\n");
});

test("a file is copied where new ones of its folder may be read by others than itself", async () => {
  const artifact = await hashed("a,b\r\n");
  await chmod(artifact.file.path, 0o640);
  await deliver({ artifacts: [artifact] }, { ownsFiles: true });
  const delivered = await stat(outputFolder("2026-11-16T0800", "delays.csv"));
  expect(delivered.nlink).toBe(1);
  expect(delivered.mode & 0o777).toBe(0o666 & ~process.umask());
});

test("what was changed in the folder is not sent again as what was made", async () => {
  const artifact = await hashed("a,b\r\n");
  await deliver({ key: "a", artifacts: [artifact] }, { ownsFiles: true });
  expect(await deliver({ key: "b", artifacts: [artifact] })).toMatchObject({ kind: "sent" });
  await writeFile(outputFolder("2026-11-16T0800", "delays.csv"), "A,B\r\n");
  expect(await deliver({ key: "c", artifacts: [artifact] })).toMatchObject({
    kind: "refused",
    reason: "The file delays.csv was changed in the folder that it was delivered to.",
  });
});

test.each([0o000, 0o027, 0o077])(
  "under umask %o a delivered folder and its files go by it, whatever the spool's do",
  async (mask) => {
    const before = process.umask(mask);
    onTestFinished(() => void process.umask(before));
    const artifact = await artifactOf("delays.csv", "a,b\r\n");
    await chmod(artifact.file.path, 0o600);
    const own = { ...artifact, file: { ...artifact.file, sha256: sha256(Buffer.from("a,b\r\n")) } };
    await deliver({ artifacts: [own] }, { ownsFiles: true });
    expect((await stat(outputFolder("2026-11-16T0800/delays.csv"))).nlink).toBe(2);
    const modeOf = async (name: string) => (await stat(outputFolder(name))).mode & 0o777;
    expect(await modeOf("2026-11-16T0800")).toBe(0o777 & ~mask);
    for (const name of ["delays.csv", "delivery.json", "digest.html"])
      expect(await modeOf(`2026-11-16T0800/${name}`)).toBe(0o666 & ~mask);
  },
);
