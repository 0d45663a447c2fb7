import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { includedFiles, stampOfIncludes } from "../../src/app/included-files.ts";
import { readReports } from "../../src/app/reports-file.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const env = {
  LOOKER_BASE_URL: "http://127.0.0.1:9",
  SMTP_URL: "smtp://127.0.0.1:9",
  SECRET: "hunter2secret",
};

const report = (name: string, to = "ops@example.com") =>
  `reports: { ${name}: { schedule: "0 8 * * mon", look: 42, deliver: [{ email: ${to} }] } }\n`;

function folderWith(files: Readonly<Record<string, string>>, include = '"teams/*.yaml"', email = "") {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-include-"));
  folders.push(folder);
  const main = `version: 1
include: ${include}
looker: { base_url: "\${LOOKER_BASE_URL}" }
email: { smtp: "\${SMTP_URL}", from: reports@example.com${email} }
audiences: { team: [ana@example.com, ben@elsewhere.example] }
`;
  for (const [name, text] of Object.entries({ "reports.yaml": main, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return { folder, file: join(folder, "reports.yaml") };
}

const names = ({ config }: ReturnType<typeof readReports>) => config?.reports.map(({ name }) => name);
const told = ({ problems }: ReturnType<typeof readReports>) => problems.map(({ message }) => message);

test("a glob leads to files in order, and leaves out hidden ones, folders, and what is in neither", () => {
  const { file, folder } = folderWith({
    "teams/b.yaml": report("b"),
    "teams/a.yaml": report("a"),
    "teams/.hidden.yaml": report("hidden"),
    "teams/note.txt": "nothing",
  });
  mkdirSync(join(folder, "teams/folder.yaml"));
  expect(names(readReports(file, env))).toEqual(["a", "b"]);
});

test("** leads through folders, and braces and brackets choose", () => {
  const files = { "a/x.yaml": report("x"), "a/b/y.yml": report("y"), "a/b/z.yaml": report("z") };
  expect(names(readReports(folderWith(files, '"a/**/*.{yaml,yml}"').file, env))).toEqual(["y", "z", "x"]);
  expect(names(readReports(folderWith(files, '"a/b/[z].yaml"').file, env))).toEqual(["z"]);
});

test("what cannot be read is told where it is included", () => {
  const { folder, file } = folderWith(
    { "a.yaml": "reports: {}\n" },
    "[latin.yaml, folder, /dev/zero, missing.yaml]",
  );
  writeFileSync(join(folder, "latin.yaml"), Buffer.from("reports: { caf\u00e9: {} }\n", "latin1"));
  mkdirSync(join(folder, "folder"));
  const { problems } = readReports(file, env);
  expect(problems.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
    `2:11 ${join(folder, "latin.yaml")} is not in UTF-8`,
    `2:23 ${join(folder, "folder")} is a folder`,
    "2:31 /dev/zero is not a file",
    "2:42 there is no file missing.yaml",
  ]);
});

test("references work in included files, and what is unset is told there", () => {
  const { file, folder } = folderWith({ "teams/a.yaml": report("a", '"$' + '{WHO}@example.com"') });
  expect(
    readReports(file, { ...env, WHO: "ana" }).config?.reports[0]?.deliver[0]?.destination.options,
  ).toMatchObject({
    to: [expect.objectContaining({ address: "ana@example.com" })],
  });
  expect(readReports(file, env).problems).toEqual([
    expect.objectContaining({
      file: join(folder, "teams/a.yaml"),
      line: 1,
      message: "the environment variable WHO is not set",
    }),
  ]);
});

test("allowed_domains hold for what an audience comes to, and name the address where the report is", () => {
  const { file } = folderWith(
    { "teams/a.yaml": report("a", "[team]") },
    '"teams/*.yaml"',
    ", allowed_domains: [example.com]",
  );
  const { problems } = readReports(file, env);
  expect(problems.map(({ file: at, report: of, message }) => [at, of, message])).toEqual([
    [join(dirname(file), "teams/a.yaml"), "a", expect.stringContaining("ben@elsewhere.example")],
  ]);
});

test("what included files lead to is another thing after a change, a rename, a swapped link, a new and a removed file", async () => {
  const { folder, file } = folderWith({
    "teams/a.yaml": report("a"),
    "v1/m.yaml": report("m"),
    "v2/m.yaml": report("m"),
  });
  // As a mounted ConfigMap has it: a file is a link through a link to the folder of its version.
  symlinkSync("../v1", join(folder, "teams/..data"));
  symlinkSync("..data/m.yaml", join(folder, "teams/m.yaml"));
  const changes: (() => void)[] = [
    () => writeFileSync(join(folder, "teams/a.yaml"), `# ${report("a")}`),
    () => {
      writeFileSync(join(folder, "next"), report("a"));
      renameSync(join(folder, "next"), join(folder, "teams/a.yaml"));
    },
    () => {
      symlinkSync("../v2", join(folder, "teams/..next"));
      renameSync(join(folder, "teams/..next"), join(folder, "teams/..data"));
    },
    () => writeFileSync(join(folder, "teams/new.yaml"), report("new")),
    () => unlinkSync(join(folder, "teams/a.yaml")),
  ];
  for (const change of changes) {
    const { includes } = readReports(file, env);
    expect(await stampOfIncludes(includes)).toBe(includes.stamp);
    change();
    expect(await stampOfIncludes(includes)).not.toBe(includes.stamp);
  }
  expect(names(readReports(file, env))).toEqual(["m", "new"]);
});

test("a file that is missing is watched for too", async () => {
  const { folder, file } = folderWith({}, "later.yaml");
  const found = readReports(file, env);
  expect(told(found)).toEqual(["there is no file later.yaml"]);
  writeFileSync(join(folder, "later.yaml"), report("later"));
  expect(await stampOfIncludes(found.includes)).not.toBe(found.includes.stamp);
});

test("one file through two links is read once", () => {
  const { folder, file } = folderWith({ "teams/a.yaml": report("a") });
  symlinkSync("a.yaml", join(folder, "teams/b.yaml"));
  expect(names(readReports(file, env))).toEqual(["a"]);
});

test("a file that includes itself by its real name is found out behind a link", () => {
  const { folder, file } = folderWith({}, "link.yaml");
  symlinkSync("reports.yaml", join(folder, "link.yaml"));
  expect(told(readReports(file, env))).toEqual([`${join(folder, "link.yaml")} includes itself`]);
});

test("a pattern is read from the folder of reports.yaml, wherever the command is run", () => {
  const read = includedFiles(() => "");
  const { folder, file } = folderWith({ "teams/a.yaml": "" });
  expect(read.find("teams/*.yaml", file).map(({ file: found }) => found)).toEqual([
    join(folder, "teams/a.yaml"),
  ]);
});
