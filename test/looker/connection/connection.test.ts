import { expect, test } from "vitest";
import { z } from "zod";
import { resolveConnection } from "../../../src/looker/connection/connection.ts";
import { lookerConnection } from "../../../src/looker/connection/schema.ts";

const block = { base_url: "acme.looker.com/api/4.0/", client_id: "id", client_secret: "secret" };

function problems(value: unknown): string[] {
  return (
    lookerConnection
      .safeParse(value)
      .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? []
  );
}

test("a block of the YAML names everything", () => {
  const read = lookerConnection.parse({
    ...block,
    port: 19999,
    timeout: "30s",
    ca: "/etc/ca.pem",
    max_concurrent_queries: 3,
  });
  expect(resolveConnection(read, {})).toEqual({
    baseUrl: "https://acme.looker.com:19999",
    clientId: "id",
    clientSecret: "secret",
    maxConcurrentQueries: 3,
    requestTimeoutMs: 30_000,
    idleTimeoutMs: 30_000,
    ca: "/etc/ca.pem",
    embed: null,
  });
});

test("what is left out has defaults", () => {
  expect(resolveConnection(lookerConnection.parse(block), {})).toMatchObject({
    baseUrl: "https://acme.looker.com",
    maxConcurrentQueries: 10,
    requestTimeoutMs: 120_000,
    ca: null,
  });
});

test("without a block, the environment names it all", () => {
  const env = {
    LOOKER_BASE_URL: "https://acme.looker.com",
    LOOKER_CLIENT_ID: " id ",
    LOOKER_CLIENT_SECRET: "'secret'",
    LOOKER_PORT: "19999",
  };
  expect(resolveConnection(undefined, env)).toMatchObject({
    baseUrl: "https://acme.looker.com:19999",
    clientId: "id",
    clientSecret: "secret",
  });
});

test("the names of Looker's own SDK are found, after lookpost's", () => {
  const sdk = {
    LOOKERSDK_BASE_URL: "https://sdk.looker.com:19999",
    LOOKERSDK_CLIENT_ID: "i",
    LOOKERSDK_CLIENT_SECRET: "s",
    LOOKERSDK_TIMEOUT: "45",
    LOOKERSDK_VERIFY_SSL: "true",
  };
  expect(resolveConnection(undefined, sdk)).toMatchObject({
    baseUrl: "https://sdk.looker.com:19999",
    requestTimeoutMs: 45_000,
  });
  expect(resolveConnection(undefined, { ...sdk, LOOKER_BASE_URL: "acme.looker.com" }).baseUrl).toBe(
    "https://acme.looker.com",
  );
});

test("LOOKERSDK_TIMEOUT counts where the block names no timeout", () => {
  const env = { LOOKERSDK_TIMEOUT: "45" };
  expect(resolveConnection(lookerConnection.parse(block), env)).toMatchObject({
    requestTimeoutMs: 45_000,
    idleTimeoutMs: 45_000,
  });
  const read = lookerConnection.parse({ ...block, timeout: "1h" });
  expect(resolveConnection(read, env).requestTimeoutMs).toBe(3_600_000);
  expect(resolveConnection(lookerConnection.parse(block), { LOOKERSDK_TIMEOUT: " " }).requestTimeoutMs).toBe(
    120_000,
  );
});

test.each(["0", "-1", "soon", "2m", "86401"])("LOOKERSDK_TIMEOUT=%s is refused", (seconds) => {
  expect(() => resolveConnection(lookerConnection.parse(block), { LOOKERSDK_TIMEOUT: seconds })).toThrow(
    expect.objectContaining({
      code: "config",
      message: `LOOKERSDK_TIMEOUT is "${seconds}".`,
      advice: expect.stringContaining("seconds from 1 to 86400"),
    }),
  );
});

test.each([
  ["45s", 45_000],
  [" 2m ", 120_000],
  ["24h", 86_400_000],
])("a timeout of %j is %i ms", (timeout, ms) => {
  const read = lookerConnection.parse({ ...block, timeout });
  expect(resolveConnection(read, {}).requestTimeoutMs).toBe(ms);
});

test.each([
  ["0s", "a timeout of 0 ends everything at once", "30m"],
  ["25h", '"25h" is too long', "24h"],
  ["2 m", '"2 m" is not a duration', "Did you mean 2m?"],
  ["120", '"120" has no unit', "120s for seconds"],
])("a timeout of %j is refused, in a file and in code", (timeout, message, advice) => {
  const [issue] = lookerConnection.safeParse({ ...block, timeout }).error?.issues ?? [];
  expect(issue).toMatchObject({
    path: ["timeout"],
    message,
    params: { advice: expect.stringContaining(advice) },
  });
  expect(() => resolveConnection({ ...block, timeout }, {})).toThrow(
    expect.objectContaining({ code: "config", message: `looker.timeout: ${message}.` }),
  );
});

test("a block fills what it leaves out from the environment", () => {
  const env = { LOOKER_CLIENT_ID: "id", LOOKER_CLIENT_SECRET: "secret", LOOKER_PORT: "1" };
  const connection = resolveConnection(lookerConnection.parse({ base_url: "acme.looker.com" }), env);
  expect(connection).toMatchObject({ baseUrl: "https://acme.looker.com", clientId: "id" });
});

test("everything that is missing is named at once", () => {
  expect(() => resolveConnection(undefined, {})).toThrow(
    expect.objectContaining({
      code: "config",
      message: "Looker's base_url, client_id, and client_secret are not set.",
      advice: expect.stringContaining("LOOKER_BASE_URL, LOOKER_CLIENT_ID, and LOOKER_CLIENT_SECRET"),
    }),
  );
  expect(() => resolveConnection({ base_url: "x", client_id: "y", client_secret: "" }, {})).toThrow(
    "Looker's client_secret is not set.",
  );
});

test("certificate checks cannot be switched off, and `ca` is named instead", () => {
  expect(problems({ ...block, verify_ssl: false })).toEqual([expect.stringContaining("`ca`")]);
  expect(problems({ ...block, verify_ssl: true })).toEqual([]);
  const env = { LOOKERSDK_VERIFY_SSL: "False" };
  expect(() => resolveConnection(lookerConnection.parse(block), env)).toThrow(
    expect.objectContaining({ code: "config", advice: expect.stringContaining("looker.ca") }),
  );
  expect(
    resolveConnection(undefined, {
      LOOKERSDK_VERIFY_SSL: "",
      LOOKER_BASE_URL: "a",
      LOOKER_CLIENT_ID: "b",
      LOOKER_CLIENT_SECRET: "c",
    }).baseUrl,
  ).toBe("https://a");
});

test("mistakes in the block are named by key", () => {
  expect(problems({ ...block, base_ur: "x" })).toEqual([expect.stringContaining("base_ur")]);
  expect(problems({ ...block, port: 70_000 })).toEqual([expect.stringMatching(/^port/)]);
  expect(problems({ ...block, timeout: "soon" })).toEqual(['timeout: "soon" is not a duration']);
  expect(problems({ ...block, max_concurrent_queries: 0 })).toEqual([
    expect.stringMatching(/^max_concurrent/),
  ]);
  expect(() => resolveConnection({ ...block, port: "99999" }, {})).toThrow("99999");
});

test.each([
  ["https://me:SuperSecret123@host", "holds a user name or a password", "Remove everything up to the @"],
  ["ftp://acme.looker.com", '"ftp://"', "https://acme.looker.com"],
  ["acme looker com", "not an address", "https://acme.looker.com"],
  ["/api/4.0", "path without a host", "https://acme.looker.com"],
])("a base_url of %j is refused by the schema, with advice", (written, message, advice) => {
  const issues = lookerConnection.safeParse({ ...block, base_url: written }).error?.issues;
  expect(issues).toEqual([
    expect.objectContaining({
      path: ["base_url"],
      message: expect.stringContaining(message),
      params: { advice: expect.stringContaining(advice) },
    }),
  ]);
  expect(JSON.stringify(issues?.map((issue) => issue.message))).not.toContain("SuperSecret123");
});

test("an empty base_url is one mistake", () => {
  expect(problems({ ...block, base_url: "" })).toHaveLength(1);
});

test("every property is described, and the secret is marked as one", () => {
  const { properties = {} } = z.toJSONSchema(lookerConnection, { io: "input" });
  const described = Object.entries(properties).map(([name, schema]) => [
    name,
    typeof schema === "object" && schema.description,
  ]);
  expect(described.filter(([, description]) => !description)).toEqual([]);
  expect(properties.client_secret).toMatchObject({ secret: true });
  expect(properties.base_url).toMatchObject({ secret: "url" });
  expect(properties.timeout).toMatchObject({ type: "string", default: "2m" });
});

test.each(["http://looker.internal:19999", "http://10.0.0.7", "http://localhost.example.com"])(
  "%s is refused, wherever it is named, unless looker.insecure says that it may be",
  (address) => {
    const key = { client_id: "id", client_secret: "secret-of-looker" };
    expect(() => resolveConnection({ base_url: address, ...key }, {})).toThrow("in the clear");
    expect(() => resolveConnection(key, { LOOKER_BASE_URL: address })).toThrow("in the clear");
    expect(resolveConnection({ base_url: address, ...key, insecure: true }, {}).baseUrl).toContain("http://");
  },
);

test.each(["http://127.0.0.1:8080", "http://[::1]:8080", "http://127.1:8080", "localhost:8080"])(
  "%s stays on the machine",
  (address) => {
    const block = { base_url: address, client_id: "id", client_secret: "secret-of-looker" };
    expect(resolveConnection(block, {}).baseUrl).toMatch(/^http:/);
  },
);
