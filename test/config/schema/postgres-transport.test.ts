import pg from "pg";
import { expect, test, vi } from "vitest";
import { postgresTransport } from "../../../src/config/schema/postgres-transport.ts";

const DB = "postgres://me:secret@db.example.com/lookpost";

/** What pg itself makes of it. */
function ofPg(url: string, env: Record<string, string>): string {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  try {
    const client = new pg.Client({ connectionString: url }) as pg.Client & { ssl: unknown };
    const { ssl } = client;
    if (!ssl) return "clear";
    const options = (typeof ssl === "object" ? ssl : {}) as {
      rejectUnauthorized?: boolean;
      checkServerIdentity?: unknown;
    };
    if (options.rejectUnauthorized === false) return "unverified";
    return options.checkServerIdentity === undefined ? "verified" : "name_unchecked";
  } finally {
    vi.unstubAllEnvs();
  }
}

const CA = "test/looker/http/tls/localhost.cert.pem";

const QUERIES = [
  "",
  ...["disable", "allow", "prefer", "require", "verify-ca", "verify-full", "no-verify"].map(
    (mode) => `?sslmode=${mode}`,
  ),
  ...["disable", "prefer", "require", "verify-full"].map((mode) => `?uselibpqcompat=true&sslmode=${mode}`),
  `?uselibpqcompat=true&sslmode=require&sslrootcert=${CA}`,
  `?uselibpqcompat=true&sslmode=verify-ca&sslrootcert=${CA}`,
  `?sslrootcert=${CA}`,
  "?ssl=true",
  "?ssl=1",
  "?ssl=0",
  "?ssl=no-verify",
  "?sslnegotiation=direct",
  "?sslmode=require&sslmode=disable",
  "?sslmode=disable&sslmode=require",
];

test.each(QUERIES)("a URL that ends with %j is protected as pg protects it", (query) => {
  expect(postgresTransport(new URL(DB + query), {})).toBe(ofPg(DB + query, {}));
});

test.each(["disable", "allow", "prefer", "require", "verify-ca", "verify-full", "no-verify", "nonsense"])(
  "PGSSLMODE=%s counts as for pg, where the URL says nothing",
  (PGSSLMODE) => {
    expect(postgresTransport(new URL(DB), { PGSSLMODE })).toBe(ofPg(DB, { PGSSLMODE }));
    const own = `${DB}?sslmode=disable`;
    expect(postgresTransport(new URL(own), { PGSSLMODE })).toBe(ofPg(own, { PGSSLMODE }));
  },
);

test.each([
  ["postgres:///lookpost?host=/run/postgresql", {}],
  ["postgres://me:secret@localhost/lookpost?host=/run/postgresql", {}],
  ["postgres://%2Frun%2Fpostgresql/lookpost", {}],
  ["postgres://127.1/lookpost", {}],
  ["postgres://[::1]/lookpost", {}],
  ["postgres:///lookpost", {}],
  ["postgres:///lookpost", { PGHOST: "/run/postgresql" }],
])("%s with %j stays on the machine", (url, env) => {
  expect(postgresTransport(new URL(url), env)).toBe("local");
});

test.each([
  ["postgres://localhost/lookpost?host=db.example.com", {}],
  ["postgres://localhost.example.com/lookpost", {}],
  ["postgres:///lookpost", { PGHOST: "db.example.com" }],
])("%s with %j leaves it", (url, env) => {
  expect(postgresTransport(new URL(url), env)).toBe("clear");
});
