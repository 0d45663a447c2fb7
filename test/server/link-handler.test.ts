import {
  existsSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { HtmlValidate } from "html-validate";
import { describe, expect, test } from "vitest";
import { ReportError } from "../../src/core/error.ts";
import { hashOf } from "../../src/server/link-store.ts";
import { DAY_MS, NOW, openLinked } from "./linked.ts";

/** Exactly this path, which fetch would tidy up. */
function get(
  url: string,
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { path, headers, method, agent: false }, resolve).on("error", reject).end();
  });
}

/** How often this process has the file open; null where the system does not tell. */
function handlesOf(path: string): number | null {
  if (!existsSync("/proc/self/fd")) return null;
  const targets = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return "";
    }
  });
  return targets.filter((target) => target === path).length;
}

async function linkTo(path: string) {
  const linked = await openLinked();
  const token = "t".repeat(43);
  await linked.ledger.offerLink({
    tokenHash: hashOf(token),
    runId: "run1",
    expiresAt: new Date(NOW.getTime() + DAY_MS),
    target: { kind: "file", path, filename: "f.csv", contentType: "text/csv", bytes: 6, rows: null },
  });
  return { ...linked, page: `${linked.url}/files/${token}` };
}

describe("the page of a file", () => {
  test("says what it is, of which report, and until when, and has a button", async () => {
    const { offered, artifact } = await openLinked();
    const response = await fetch(await offered(artifact("x".repeat(2_500_000))));
    expect(response.status).toBe(200);
    const text = await response.text();
    const token = new URL(response.url).pathname.split("/")[2];
    expect(text.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ")).toContain(
      "flights.csv Flights &amp; delays, &lt;week&gt; 46 Size 2.5 MB Rows 12,431 Due Mon 2026-11-16 08:00 EST " +
        "Until Mon 2026-11-23 08:00 EST Download",
    );
    expect(text).toContain(`href="${token}/flights.csv"`);
    expect(text).toContain("ops@example.com");
  });

  test("is sound HTML, runs nothing, loads nothing, and is told to nobody", async () => {
    const { offered, artifact } = await openLinked();
    const filename = `"><script>alert(1)</script>\u202e\ud800 Flüge.csv`;
    const response = await fetch(await offered(artifact("x", { filename })));
    const text = await response.text();
    expect(text).not.toMatch(/<script|onload|src=/i);
    const { results } = await new HtmlValidate({ extends: ["html-validate:standard"] }).validateString(text);
    expect(
      results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`)),
    ).toEqual([]);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "private, no-store",
      "referrer-policy": "no-referrer",
      "x-robots-tag": expect.stringContaining("noindex"),
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'/,
      ),
    });
  });
});

describe("a download", () => {
  const DATA = "a,b\r\n1,2\r\n";

  test("is the file, byte by byte, under its own name", async () => {
    const { offered, artifact } = await openLinked();
    const filename = `Flüge "KW 46" 100%; ../../x\r\n.csv`;
    const page = await offered(artifact(DATA, { filename }));
    const href = /class="get" href="([^"]+)"/.exec(await (await fetch(page)).text())?.[1] ?? "";
    const response = await fetch(new URL(href, page));
    expect(await response.text()).toBe(DATA);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-length": "10",
      "content-type": "text/csv; charset=utf-8",
      "content-disposition":
        `attachment; filename="Fl_ge _KW 46_ 100_; .._.._x__.csv"; ` +
        `filename*=UTF-8''Fl%C3%BCge%20%22KW%2046%22%20100%25%3B%20.._.._x__.csv`,
      "accept-ranges": "bytes",
      "cache-control": "private, no-store",
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringContaining("sandbox"),
    });
  });

  test("is announced by HEAD without a byte of it", async () => {
    const { offered, artifact } = await openLinked();
    const response = await fetch(`${await offered(artifact(DATA))}/flights.csv`, { method: "HEAD" });
    expect([response.status, response.headers.get("content-length"), await response.text()]).toEqual([
      200,
      "10",
      "",
    ]);
  });

  test("of an empty file is answered with no bytes, and a length of 0", async () => {
    const { offered, artifact } = await openLinked();
    const response = await fetch(`${await offered(artifact(""))}/flights.csv`);
    expect([response.status, response.headers.get("content-length"), await response.text()]).toEqual([
      200,
      "0",
      "",
    ]);
  });

  test("can be had in parts, as long as the file is the same", async () => {
    const { offered, artifact } = await openLinked();
    const made = artifact(DATA);
    const url = `${await offered(made)}/flights.csv`;
    const part = async (headers: Record<string, string>) => {
      const response = await fetch(url, { headers });
      return [response.status, response.headers.get("content-range"), await response.text()];
    };
    const etag = (await fetch(url)).headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[^"]+"$/);
    expect(await part({ range: "bytes=5-" })).toEqual([206, "bytes 5-9/10", "1,2\r\n"]);
    expect(await part({ range: "bytes=-5" })).toEqual([206, "bytes 5-9/10", "1,2\r\n"]);
    expect(await part({ range: "bytes=5-6", "if-range": etag })).toEqual([206, "bytes 5-6/10", "1,"]);
    expect(await part({ range: "bytes=10-" })).toEqual([416, "bytes */10", ""]);
    expect(await part({ range: "bytes=0-1,3-4" })).toEqual([200, null, DATA]);
    writeFileSync(made.file.path, "another file");
    expect(await part({ range: "bytes=5-6", "if-range": etag })).toEqual([200, null, "another file"]);
  });

  test("that was cut off is resumed where it was", async () => {
    const { offered, artifact, heard } = await openLinked();
    const whole = Buffer.alloc(20_000_000, "0123456789abcdef\n");
    const url = new URL(`${await offered(artifact(whole))}/flights.csv`);
    const first = await get(url.origin, url.pathname);
    const chunks: Buffer[] = [];
    for await (const chunk of first) {
      chunks.push(chunk);
      if (chunks.reduce((sum, { length }) => sum + length, 0) > 3_000_000) break;
    }
    const begun = Buffer.concat(chunks);
    const headers = { range: `bytes=${begun.length}-`, "if-range": String(first.headers.etag) };
    const rest = Buffer.from(await (await fetch(url, { headers })).arrayBuffer());
    expect(rest.length).toBeLessThan(whole.length);
    expect(Buffer.concat([begun, rest]).equals(whole)).toBe(true);
    expect(heard).toEqual([]);
  });

  test("waits for a slow reader, without reading ahead or holding files open afterwards", async () => {
    const { offered, artifact, heard } = await openLinked();
    const made = artifact("");
    truncateSync(made.file.path, 3_000_000_000);
    const url = new URL(`${await offered(made)}/flights.csv`);
    const before = process.memoryUsage().arrayBuffers;
    const answers = await Promise.all(Array.from({ length: 10 }, () => get(url.origin, url.pathname)));
    for (const answer of answers) expect(answer.headers["content-length"]).toBe("3000000000");
    await new Promise((resolve) => setTimeout(resolve, 300));
    // What V8 has not yet swept up counts too; reading ahead would take gigabytes.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(80_000_000);
    expect([10, null]).toContain(handlesOf(made.file.path));
    for (const answer of answers) answer.destroy();
    while ((handlesOf(made.file.path) ?? 0) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(heard).toEqual([]);
  });
});

describe("an address that leads nowhere", () => {
  test("is answered alike, whether it has expired or never was", async () => {
    const { offered, artifact, url, later } = await openLinked();
    const page = await offered(artifact("x"));
    later(7 * DAY_MS);
    const expired = await fetch(page);
    const unknown = await fetch(`${url}/files/${"x".repeat(43)}`);
    const file = await fetch(`${page}/flights.csv`);
    const all = [
      expired,
      unknown,
      file,
      await fetch(`${url}/open/${"x".repeat(43)}`),
      await fetch(`${url}/files/x`),
    ];
    expect(all.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    const texts = await Promise.all(all.map((response) => response.text()));
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain("Ask the sender of the report");
  });

  test.each([
    "",
    "/",
    "/other.csv",
    "/flights.csv/",
    "/flights.csv/x",
    "/..%2f..%2fledger.sqlite",
    "/../../ledger.sqlite",
  ])("is all beside the page and the file itself: %s", async (rest) => {
    const { offered, artifact } = await openLinked();
    const page = new URL(await offered(artifact("x")));
    const answer = await get(page.origin, `${page.pathname}${rest}`);
    answer.resume();
    expect(answer.statusCode).toBe(rest === "" ? 200 : 404);
  });

  test("a file's name may come more or less encoded than it was given out, as proxies rewrite it", async () => {
    const { offered, artifact } = await openLinked();
    const page = new URL(await offered(artifact("x", { filename: "délays (EU).csv" })));
    for (const name of ["d%c3%a9lays%20%28EU%29.csv", "d%C3%A9lays%20(EU).csv", "%64%C3%A9lays%20(EU).csv"]) {
      const answer = await get(page.origin, `${page.pathname}/${name}`);
      answer.resume();
      expect(answer.statusCode).toBe(200);
    }
    const broken = await get(page.origin, `${page.pathname}/d%E9lays%20(EU).csv`);
    broken.resume();
    expect(broken.statusCode).toBe(404);
  });

  test("is one of the other kind", async () => {
    const { offered, offers, artifact, url, embedded } = await openLinked();
    const file = await offered(artifact("x"));
    expect((await fetch(file.replace("/files/", "/open/"), { redirect: "manual" })).status).toBe(404);
    const embed = await offers.embed("https://looker.example.com/looks/42", "run1");
    expect((await fetch(`${url}/files/${embed.split("/").at(-1)}`)).status).toBe(404);
    expect(embedded).toEqual([]);
  });

  test("says so where the file was deleted or is on another server, and whom to ask", async () => {
    const { offered, artifact } = await openLinked();
    const made = artifact("x");
    const page = await offered(made);
    rmSync(made.file.path);
    for (const url of [page, `${page}/flights.csv`]) {
      const response = await fetch(url);
      const text = await response.text();
      expect([response.status, text]).toEqual([404, expect.stringContaining("The file is not here")]);
      expect(text).toContain("ops@example.com");
    }
  });

  test.each(["../secret", "run1-1/../../secret", "/etc/passwd", "..", ".", "", "run1-1", "run1-1/\0"])(
    "leads to something that is not a file of a spool, even if the ledger has it: %j",
    async (path) => {
      const { page, folder, heard } = await linkTo(path);
      writeFileSync(join(folder, "secret"), "secret");
      const response = await fetch(`${page}/f.csv`);
      expect(response.status).toBe(404);
      expect(await response.text()).not.toContain("secret");
      expect(heard).toEqual([]);
    },
  );

  test("is a symbolic link that leads out of the spool", async () => {
    const { page, folder, spoolRoot } = await linkTo("run1-1/link");
    writeFileSync(join(folder, "secret"), "secret");
    symlinkSync(join(folder, "secret"), join(spoolRoot, "run1-1", "link"));
    expect((await fetch(`${page}/f.csv`)).status).toBe(404);
  });

  test("while the ledger cannot be read, nobody hears that it is gone", async () => {
    const trouble = new ReportError("password=hunter2", { code: "unavailable" });
    const { url, heard } = await openLinked({ find: () => Promise.reject(trouble) });
    const response = await fetch(`${url}/files/${"x".repeat(43)}`);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "30"]);
    expect(await response.text()).not.toContain("hunter2");
    expect(heard).toEqual([trouble]);
  });
});

describe("a link into Looker", () => {
  const LOOK = "https://looker.example.com/looks/42?f[flights.origin]=JFK";
  /** What the page's button does. */
  const press = (page: string) => fetch(page, { method: "POST", redirect: "manual" });

  test("opens a session of its own at each click", async () => {
    const { offers, url, embedded } = await openLinked();
    const { pathname } = new URL(await offers.embed(LOOK, "run1"));
    for (const click of [1, 2]) {
      const response = await press(url + pathname);
      expect([response.status, response.headers.get("location")]).toEqual([
        303,
        `https://looker.example.com/login/embed/${click}?signature=s%3D`,
      ]);
      expect(response.headers.get("referrer-policy")).toBe("no-referrer");
      expect(response.headers.get("cache-control")).toBe("private, no-store");
    }
    expect(embedded).toEqual([LOOK, LOOK]);
  });

  test.each(["GET", "HEAD"])(
    "starts no session for a program that only follows or checks it: %s",
    async (method) => {
      const { offers, url, embedded } = await openLinked();
      const { pathname } = new URL(await offers.embed(LOOK, "run1"));
      for (let time = 0; time < 100; time += 1) {
        const response = await fetch(url + pathname, { method, redirect: "manual" });
        expect(response.status).toBe(200);
        await response.text();
      }
      expect(embedded).toEqual([]);
      // Nor do they use up what people may open.
      expect((await press(url + pathname)).status).toBe(303);
    },
  );

  test("leads to a page that says what it is, of which report, and until when, with a button", async () => {
    const { offers, url } = await openLinked();
    const { pathname } = new URL(await offers.embed(LOOK, "run1"));
    const response = await fetch(url + pathname);
    const text = await response.text();
    expect(
      text
        .replace(/<style>.*?<\/style>/s, "")
        .replace(/<[^>]+>/g, " ")
        .replace(/\s+/g, " "),
    ).toContain(
      "Flights &amp; delays, &lt;week&gt; 46 Opens in Looker, without an account there. Due Mon 2026-11-16 08:00 EST " +
        "Until Mon 2026-11-23 08:00 EST Open in Looker Anyone with this link can open it until then. Questions: ops@example.com",
    );
    expect(text).toContain('<form method="post"><button class="get" type="submit">');
    expect(text).not.toMatch(/<script|onload|src=|looker\.example/i);
    const { results } = await new HtmlValidate({ extends: ["html-validate:standard"] }).validateString(text);
    expect(results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId))).toEqual([]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "cache-control": "private, no-store",
      "referrer-policy": "no-referrer",
      "x-frame-options": "DENY",
      "x-robots-tag": expect.stringContaining("noindex"),
      "content-security-policy": expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-\S+'; base-uri 'none'; form-action 'self' https: https:\/\/looker\.example\.com; frame-ancestors 'none'$/,
      ),
    });
  });

  test("opens sixty sessions within an hour, then says so and when it opens again; other links are not touched", async () => {
    const { offers, url, embedded, later } = await openLinked();
    const [first, second] = [
      url + new URL(await offers.embed(LOOK, "run1")).pathname,
      url + new URL(await offers.embed(LOOK, "run1")).pathname,
    ];
    for (let time = 0; time < 60; time += 1) {
      expect((await press(first)).status).toBe(303);
      later(30_000);
    }
    const refused = await press(first);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1800"]);
    expect(await refused.text()).toMatch(/opened 60 times within an hour.*Try again in 30 minutes\./s);
    expect(embedded).toHaveLength(60);
    expect((await press(second)).status).toBe(303);
    later(30 * 60_000);
    expect((await press(first)).status).toBe(303);
    expect((await press(first)).status).toBe(429);
  });

  test("a session that Looker did not start does not count", async () => {
    let isOut = true;
    const { offers, url } = await openLinked({
      embed: async () => {
        if (isOut) throw new ReportError("out", { code: "unavailable" });
        return "https://looker.example.com/";
      },
    });
    const { pathname } = new URL(await offers.embed(LOOK, "run1"));
    for (let time = 0; time < 61; time += 1) expect((await press(url + pathname)).status).toBe(503);
    isOut = false;
    expect((await press(url + pathname)).status).toBe(303);
  });

  test.each([
    ["unavailable", 503, "Try again in a minute"],
    ["auth", 502, "The reason is in the log"],
  ] as const)("that Looker does not open (%s) says so, and the log why", async (code, status, words) => {
    const failure = new ReportError("the secret is hunter2", { code });
    const { offers, url, heard } = await openLinked({ embed: () => Promise.reject(failure) });
    const { pathname } = new URL(await offers.embed(LOOK, "run1"));
    const response = await press(url + pathname);
    const text = await response.text();
    expect([response.status, text]).toEqual([status, expect.stringContaining(words)]);
    expect(text).not.toContain("hunter2");
    expect(heard).toEqual([failure]);
  });

  test("that is no longer set up says so", async () => {
    const { offers, url } = await openLinked({ embed: async () => null });
    const { pathname } = new URL(await offers.embed(LOOK, "run1"));
    const response = await press(url + pathname);
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining("no longer")]);
  });

  test("is refused to the eleventh at the same time, which Looker would have to bear", async () => {
    const letGo: (() => void)[] = [];
    const { offers, url } = await openLinked({
      embed: () => new Promise((resolve) => letGo.push(() => resolve("https://looker.example.com/"))),
    });
    const { pathname } = new URL(await offers.embed(LOOK, "run1"));
    const click = () => press(url + pathname);
    const clicks = Array.from({ length: 10 }, click);
    while (letGo.length < 10) await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await click()).status).toBe(503);
    for (const go of letGo) go();
    expect((await Promise.all(clicks)).map(({ status }) => status)).toEqual(Array(10).fill(303));
  });
});

test("fifty downloads that stand still keep nobody from hearing that the worker is ready", async () => {
  const { offered, artifact, url } = await openLinked();
  const made = artifact("");
  truncateSync(made.file.path, 1_000_000_000);
  const page = new URL(`${await offered(made)}/flights.csv`);
  const stuck = await Promise.all(Array.from({ length: 50 }, () => get(page.origin, page.pathname)));
  const next = await fetch(page);
  expect([next.status, next.headers.get("retry-after")]).toEqual([503, "30"]);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  for (const answer of stuck.slice(0, 5)) answer.destroy();
  let status = 503;
  while (status === 503) status = (await fetch(page, { headers: { range: "bytes=0-9" } })).status;
  expect(status).toBe(206);
  for (const answer of stuck) answer.destroy();
});

test("behind a proxy that keeps the path of the public address, it is known by it", async () => {
  const { offers, artifact, url } = await openLinked(
    { url: "https://example.com/reports/" },
    { baseUrl: "https://example.com/reports/" },
  );
  const offered = await offers.file(artifact("x"), "run1");
  expect(offered.url).toMatch(/^https:\/\/example\.com\/reports\/files\//);
  const { pathname } = new URL(offered.url);
  expect((await fetch(url + pathname)).status).toBe(200);
  expect((await fetch(url + pathname.replace("/reports", ""))).status).toBe(200);
  expect((await fetch(`${url}/elsewhere${pathname}`)).status).toBe(404);
});

test("a server without links of its own serves none", async () => {
  const { offered, artifact } = await openLinked();
  const { startServer } = await import("../../src/server/server.ts");
  const page = new URL(await offered(artifact("x")));
  const bare = await startServer({
    host: "127.0.0.1",
    port: 0,
    health: () => ({ status: "ok" }),
    ready: () => ({
      ready: true,
      checks: { ledger: { ok: true }, schedule: { ok: true }, config: { ok: true } },
    }),
  });
  expect((await fetch(bare.url + page.pathname)).status).toBe(404);
  await bare.close();
});

test.each(["POST", "PUT", "DELETE", "OPTIONS"])("%s is not allowed", async (method) => {
  const { offered, artifact } = await openLinked();
  const response = await fetch(await offered(artifact("x")), { method });
  expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
});

test("a link into Looker takes a click as well, and nothing else", async () => {
  const { offers, url, embedded } = await openLinked();
  const page = url + new URL(await offers.embed("https://looker.example.com/looks/42", "run1")).pathname;
  for (const method of ["PUT", "DELETE", "OPTIONS", "PATCH"]) {
    const response = await fetch(page, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
  }
  expect(embedded).toEqual([]);
});
