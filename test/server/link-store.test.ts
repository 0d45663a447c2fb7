import { readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { hashOf, sampleLinkStore } from "../../src/server/link-store.ts";
import { DAY_MS, NOW, openLinked } from "./linked.ts";

const ADDRESS = /^https:\/\/lookpost\.example\.com\/(?:files|open)\/([\w-]{43})$/;

function tokenOf(url: string): string {
  return ADDRESS.exec(url)?.[1] ?? "";
}

test("a file is offered under an address that cannot be guessed, for as long as files are kept", async () => {
  const { offers, artifact, ledger } = await openLinked();
  const large = artifact("a,b\r\n1,2\r\n");
  const download = await offers.file(large, "run1");
  expect(download).toEqual({
    filename: "flights.csv",
    url: expect.stringMatching(ADDRESS),
    bytes: 10,
    rows: 12_431,
    sections: [0],
    expiresAt: new Date(NOW.getTime() + 7 * DAY_MS).toISOString(),
  });
  const other = await offers.file(large, "run1");
  expect(other.url).not.toBe(download.url);
  const link = await ledger.link(hashOf(tokenOf(download.url)), NOW);
  expect(link).toMatchObject({ runId: "run1", target: { path: join("run1-1", "file-1"), bytes: 10 } });
});

test("the ledger keeps nothing that opens an address", async () => {
  const { offers, artifact, folder } = await openLinked();
  const urls = [(await offers.file(artifact("x"), "run1")).url, await offers.embed("https://l/1", "run1")];
  const disk = ["ledger.sqlite", "ledger.sqlite-wal"]
    .map((name) => readFileSync(join(folder, name), "latin1"))
    .join("");
  for (const url of urls) {
    expect(disk).toContain(hashOf(tokenOf(url)));
    expect(disk).not.toContain(tokenOf(url));
  }
});

test("offering a file keeps its folder from being deleted before the address expires", async () => {
  const { offers, artifact } = await openLinked();
  const made = artifact("x");
  const spool = dirname(made.file.path);
  const longAgo = new Date(NOW.getTime() - 30 * DAY_MS);
  utimesSync(spool, longAgo, longAgo);
  await offers.file(made, "run1");
  expect(statSync(spool).mtime).toEqual(NOW);
});

test.each(["../secret", "/etc/passwd", "lonely"])(
  "a file that is in no spool (%s) is not offered",
  async (path) => {
    const { offers, artifact, folder, spoolRoot } = await openLinked();
    writeFileSync(join(folder, "secret"), "secret");
    writeFileSync(join(spoolRoot, "lonely"), "in no run's folder");
    const outside = artifact("x", {
      file: { path: join(path.startsWith("/") ? "/" : spoolRoot, path), bytes: 6 },
    });
    await expect(offers.file(outside, "run1")).rejects.toMatchObject({ name: "ReportError", code: "local" });
  },
);

test("what is offered in a preview looks the same, and nothing is written down", async () => {
  const { artifact, ledger, url } = await openLinked();
  const options = {
    baseUrl: "https://lookpost.example.com/",
    keepMs: () => DAY_MS,
    clock: { now: () => NOW },
  };
  const samples = sampleLinkStore(options);
  const download = await samples.file(artifact("x"), "run1");
  expect(download).toMatchObject({ url: expect.stringMatching(ADDRESS), bytes: 1, filename: "flights.csv" });
  const embed = await samples.embed("https://looker.example.com/looks/42", "run1");
  expect(embed).toMatch(ADDRESS);
  expect(await ledger.link(hashOf(tokenOf(download.url)), NOW)).toBeNull();
  expect((await fetch(url + new URL(download.url).pathname)).status).toBe(404);
});
