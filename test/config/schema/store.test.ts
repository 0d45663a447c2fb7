import { expect, test } from "vitest";
import { formatProblems, loneStore } from "../../../src/config/index.ts";
import { HEAD, problemsOf, read, withReport } from "../file.ts";

const FLEET = "postgres://lookpost:hunter%402@db.example.com:5432/lookpost?sslmode=verify-full";

const storeOf = (written: string | null, env: Record<string, string> = {}) => {
  const head = written === null ? HEAD : `${HEAD}store: ${written}\n`;
  const { config, problems } = read(withReport("", head), env);
  expect(problems).toEqual([]);
  return config?.store;
};

test.each([
  ["file:./data", "./data"],
  ["file:/var/lib/lookpost", "/var/lib/lookpost"],
  ["file:///var/lib/lookpost", "/var/lib/lookpost"],
  ["file:/mnt/a:b@c", "/mnt/a:b@c"],
])("%s is the folder %s", (written, directory) => {
  expect(storeOf(`"${written}"`)).toEqual({ kind: "file", directory });
});

test.each([
  "postgres://127.0.0.1:5432/lookpost",
  "postgresql://lookpost@localhost/lookpost",
  "postgres:///lookpost?host=/run/postgresql",
])("%s is a Postgres store, with the files of runs in ./data", (url) => {
  expect(storeOf(url)).toEqual({ kind: "postgres", url, directory: "./data" });
});

test("a socket behind a user is a URL that every reader takes", () => {
  const url = "postgres://lookpost:${DB_PASSWORD}@/lookpost?host=/cloudsql/one";
  const store = storeOf(url, { DB_PASSWORD: "hunter2" });
  expect(store).toMatchObject({ url: "postgres://lookpost:hunter2@localhost/lookpost?host=/cloudsql/one" });
});

test("the file wins over LOOKPOST_STORE, and that over DATABASE_URL", () => {
  const env = { LOOKPOST_STORE: "file:/data", DATABASE_URL: FLEET };
  expect(storeOf("file:./here", env)).toEqual({ kind: "file", directory: "./here" });
  expect(storeOf(null, env)).toEqual({ kind: "file", directory: "/data" });
  expect(storeOf(null, { DATABASE_URL: FLEET })).toEqual({
    kind: "postgres",
    url: FLEET,
    directory: "./data",
  });
  expect(storeOf(null, { LOOKPOST_STORE: FLEET })).toMatchObject({ kind: "postgres" });
  expect(storeOf(null, { LOOKPOST_STORE: "", DATABASE_URL: "" })).toEqual({
    kind: "file",
    directory: "./data",
  });
});

test("a fleet keeps its files in the folder that LOOKPOST_STORE names, as a container image does", () => {
  const env = { LOOKPOST_STORE: "file:/data", DATABASE_URL: FLEET };
  expect(storeOf("${DATABASE_URL}", env)).toEqual({ kind: "postgres", url: FLEET, directory: "/data" });
});

test.each([
  ["the file", "store: ${DATABASE_URL}\n"],
  ["the environment", ""],
])("the password of a database that %s names is a secret, in both spellings", (_who, line) => {
  const { config } = read(withReport("", HEAD + line), { DATABASE_URL: FLEET });
  expect(config?.secrets).toEqual(expect.arrayContaining(["hunter%402", "hunter@2", FLEET]));
});

test("a password in the query of the URL is one as well", () => {
  const url = "postgres:///lookpost?host=/run/postgresql&user=me&password=hunter%402";
  const { config } = read(withReport("", `${HEAD}store: \${DATABASE_URL}\n`), { DATABASE_URL: url });
  expect(config?.secrets).toEqual(expect.arrayContaining(["hunter%402", "hunter@2"]));
});

test.each([
  ["postgres://lookpost:hunter2@db:port/lookpost", "this Postgres URL cannot be read"],
  ["postgres://lookpost:hunter2#x@db/lookpost", "this Postgres URL cannot be read"],
  ["postgres://lookpost:1/hunter2@db/lookpost", "this Postgres URL has a # or @ where none can be"],
  ["postgres://lookpost:1?hunter2@db/lookpost", "this Postgres URL has a # or @ where none can be"],
  ["postgres://lookpost:1#hunter2@db/lookpost", "this Postgres URL has a # or @ where none can be"],
  ["postgres://lookpost:%ff-hunter2@db/lookpost", "this Postgres URL cannot be read"],
  ["postgres:lookpost:hunter2@db/lookpost", "this Postgres URL cannot be read"],
  ["postgres://lookpost:hunter2@db", "this Postgres URL names no database"],
  ["postgres://lookpost:hunter2@db/lookpost/x", "this Postgres URL names no database"],
  [
    "postgres://lookpost:hunter2@db/lookpost?sslmode=on",
    "this Postgres URL has an sslmode that does not exist",
  ],
  ["hunter2@db/lookpost", "store has to be file:FOLDER or a Postgres URL"],
])("of %s nothing is repeated in saying what is wrong with it", (url, message) => {
  const named = read(withReport("", `${HEAD}store: \${DB}\n`), { DB: url });
  expect(named.problems.map((problem) => problem.message)).toEqual([message]);
  expect(formatProblems(named.problems, { color: false })).not.toContain("hunter2");
  const found = read(withReport(""), { LOOKPOST_STORE: url });
  expect(found.config).toBeNull();
  expect(found.problems.map((problem) => problem.message)).toEqual([
    `LOOKPOST_STORE in the environment: ${message}`,
  ]);
  expect(formatProblems(found.problems, { color: false })).not.toContain("hunter2");
});

test("a DATABASE_URL of something else is told, and does not matter where the file has a store", () => {
  const env = { DATABASE_URL: "mysql://me:hunter2@db/shop" };
  expect(problemsOf(withReport(""), env)).toEqual([
    "1:1 DATABASE_URL in the environment: it is not a Postgres URL",
  ]);
  expect(storeOf("file:./data", env)).toEqual({ kind: "file", directory: "./data" });
});

test("Postgres beyond this machine without TLS is refused, unless the file says that it may be insecure", () => {
  const DB = "postgres://me:hunter2@db.example.com/lookpost";
  const [problem] = read(withReport("", `${HEAD}store: \${DB}\n`), { DB }).problems;
  expect(problem?.message).toContain("without TLS");
  expect(problem?.advice).toContain("sslmode=verify-full");
  expect(JSON.stringify(problem)).not.toContain("hunter2");
  const [named] = read(withReport(""), { DATABASE_URL: DB }).problems;
  expect(named?.message).toContain(
    "DATABASE_URL in the environment: this Postgres URL leaves the machine without TLS",
  );
  expect(storeOf("${DB}", { DB, PGSSLMODE: "require" })).toMatchObject({ kind: "postgres" });
  expect(storeOf('{ url: "${DB}", insecure: true }', { DB })).toMatchObject({ kind: "postgres", url: DB });
  const { config } = read(withReport("", `${HEAD}store: { url: "\${DB}", insecure: true }\n`), { DB });
  expect(config?.secrets).toContain("hunter2");
  expect(
    problemsOf(withReport("", `${HEAD}store: { url: "\${DB}", insecure: false }\n`), { DB }),
  ).toHaveLength(1);
});

test.each([
  'store: { url: "${DB}", insecure: true }',
  "store: {insecure: true, url: ${DB}}",
  "store:\n  url: ${DB}\n  insecure: true",
  "store:\n  insecure: true\n  url: '${DB}' # the fleet",
])("a store that is a mapping is found in a file that is broken otherwise: %j", (line) => {
  const DB = "postgres://me:hunter2@db.example.com/lookpost";
  const sources = { env: { DB }, readFile: () => "" };
  expect(loneStore(`version: 1\n${line}\nreports: {{`, sources)).toMatchObject({ kind: "postgres", url: DB });
});
