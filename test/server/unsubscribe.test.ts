import { createHash } from "node:crypto";
import { HtmlValidate } from "html-validate";
import { expect, test } from "vitest";
import { openLinked } from "./linked.ts";

const ANA = { report: "weekly", kind: "email", recipient: "ana@example.com" };

async function opened() {
  const linked = await openLinked();
  const url = await linked.offers.unsubscribe(ANA, "run1");
  const left = async () => (await linked.ledger.unsubscribed(null)).map(({ recipient }) => recipient);
  return { ...linked, left, page: url.replace("https://lookpost.example.com", linked.url) };
}

/** As mail programs ask (RFC 8058, 3.1). */
const ONE_CLICK = {
  method: "POST",
  body: "List-Unsubscribe=One-Click",
  headers: { "content-type": "application/x-www-form-urlencoded" },
};

test("a GET asks and changes nothing, however often scanners follow the link", async () => {
  const { page, left } = await opened();
  for (const method of ["GET", "HEAD", "GET"]) {
    const response = await fetch(page, { method });
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toContain("no-store");
  }
  const text = await (await fetch(page)).text();
  expect(text).toContain("<h1>Stop this report?</h1>");
  expect(text).toContain("ana@example.com");
  expect(text).toContain("Flights &amp; delays, &lt;week&gt; 46");
  expect(
    (await new HtmlValidate({ extends: ["html-validate:standard"] }).validateString(text)).results,
  ).toEqual([]);
  expect(await left()).toEqual([]);
});

test("the page is the brand's, in its colour, and its policy lets that style alone in", async () => {
  const { offers, url } = await openLinked({}, {}, { name: "Acme <b>", accent: "#7a1fa2" });
  const page = (await offers.unsubscribe(ANA, "run1")).replace("https://lookpost.example.com", url);
  const response = await fetch(page);
  const text = await response.text();
  expect(text).toContain("<b>Acme &lt;b&gt;</b>");
  const style = /<style>([^<]*)<\/style>/.exec(text)?.[1] ?? "";
  expect(style).toContain("--accent:#7a1fa2");
  const hash = createHash("sha256").update(style).digest("base64");
  expect(response.headers.get("content-security-policy")).toContain(`style-src 'sha256-${hash}'`);
  const standard = new HtmlValidate({ extends: ["html-validate:standard"] });
  expect((await standard.validateString(text)).results).toEqual([]);
});

test("a POST stops it at once, without a redirect, and may come twice", async () => {
  const { page, left, ledger } = await opened();
  for (let times = 0; times < 2; times += 1) {
    const response = await fetch(page, { ...ONE_CLICK, redirect: "error" });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("<h1>Stopped</h1>");
  }
  expect(await left()).toEqual(["ana@example.com"]);
  expect(await ledger.unsubscribed("weekly")).toMatchObject([{ kind: "email", how: "link" }]);
  expect(await (await fetch(page)).text()).toContain("Get it again");
});

test("the page's own button takes it back", async () => {
  const { page, left } = await opened();
  const stopped = await (await fetch(page, ONE_CLICK)).text();
  const action = /action="([^"]+)"/.exec(stopped)?.[1] ?? "";
  const again = await fetch(new URL(action, page), { method: "POST" });
  expect(await again.text()).toContain("<h1>You get it again</h1>");
  expect(await left()).toEqual([]);
  // Loaded again by its address, that page asks as the first did.
  const asked = await (await fetch(new URL(action, page))).text();
  const back = new URL(/action="([^"]+)"/.exec(asked)?.[1] ?? "", again.url);
  expect(back.href).toBe(page);
});

test("nothing else is an address of it", async () => {
  const { page, left } = await opened();
  const token = page.slice(-43);
  for (const path of [
    `${page}/other`,
    `${page}x`,
    page.replace(token, "t".repeat(43)),
    page.replace("unsubscribe", "open"),
  ])
    expect((await fetch(path, { method: "POST" })).status).toBe(404);
  expect((await fetch(page, { method: "PUT" })).status).toBe(405);
  expect(await left()).toEqual([]);
});

test("a program that goes on and on is stopped, and waits are said", async () => {
  const { page, later } = await opened();
  for (let times = 0; times < 20; times += 1) await fetch(page, { method: "POST" });
  const response = await fetch(page, { method: "POST" });
  expect(response.status).toBe(429);
  expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(3_000);
  later(3_600_001);
  expect((await fetch(page, { method: "POST" })).status).toBe(200);
});

test("a ledger that cannot be written is no success: the mail program is told to come again", async () => {
  const { page, heard } = await (async () => {
    const linked = await openLinked({ unsubscribe: () => Promise.reject(new Error("disk full")) });
    const url = await linked.offers.unsubscribe(ANA, "run1");
    return { heard: linked.heard, page: url.replace("https://lookpost.example.com", linked.url) };
  })();
  expect((await fetch(page, ONE_CLICK)).status).toBe(503);
  expect(heard).toHaveLength(1);
});
