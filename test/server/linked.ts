import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Artifact } from "../../src/core/model/artifact.ts";
import type { Ledger } from "../../src/core/ports/ledger.ts";
import type { LinkStore } from "../../src/core/ports/link-store.ts";
import { openSqliteLedger } from "../../src/ledger/sqlite/sqlite.ts";
import { type LinkStoreOptions, openLinkStore } from "../../src/server/link-store.ts";
import type { LinkOrigin } from "../../src/server/page.ts";
import { type ServerOptions, startServer } from "../../src/server/server.ts";

export const NOW = new Date("2026-11-16T13:00:00Z");
export const DAY_MS = 24 * 3600 * 1000;

export interface Linked {
  readonly url: string;
  readonly folder: string;
  readonly spoolRoot: string;
  readonly ledger: Ledger;
  readonly offers: LinkStore;
  /** What went wrong on the server's side. */
  readonly heard: unknown[];
  /** Which of Looker's pages a session was made for. */
  readonly embedded: string[];
  /** A file in the spool of "run1". */
  artifact(contents: string | Uint8Array, part?: Partial<Artifact>): Artifact;
  /** Offers it, and gives the address of its page on this server. */
  offered(artifact: Artifact): Promise<string>;
  later(ms: number): void;
}

type Links = NonNullable<ServerOptions["links"]>;

/** A server that recipients reach, over a ledger and a spool of its own with one run. */
export async function openLinked(
  over: Partial<Links> = {},
  offering: Partial<LinkStoreOptions> = {},
  brand?: LinkOrigin["brand"],
): Promise<Linked> {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-links-"));
  const spoolRoot = join(folder, "spool");
  const spool = join(spoolRoot, "run1-1");
  mkdirSync(spool, { recursive: true });
  const ledger = await openSqliteLedger(folder);
  await ledger.claimRun({
    id: "run1",
    report: "weekly",
    dueAt: NOW,
    burst: "",
    trigger: "schedule",
    reservedFor: null,
    kind: "tick",
    expectAt: null,
    at: NOW,
  });
  let now = NOW.getTime();
  const heard: unknown[] = [];
  const embedded: string[] = [];
  const server = await startServer({
    host: "127.0.0.1",
    port: 0,
    health: () => ({ status: "ok" }),
    ready: () => ({
      ready: true,
      checks: { ledger: { ok: true }, schedule: { ok: true }, config: { ok: true } },
    }),
    trouble: (thrown) => heard.push(thrown),
    links: {
      url: "https://lookpost.example.com",
      find: ledger.link,
      origin: async () => ({
        title: "Flights & delays, <week> 46",
        dueAt: NOW,
        timezone: "America/New_York",
        owner: "ops@example.com",
        ...(brand !== undefined && { brand }),
      }),
      isUnsubscribed: async (who) =>
        (await ledger.unsubscribed(who.report)).some(({ recipient }) => recipient === who.recipient),
      unsubscribe: async (who) => void (await ledger.unsubscribe(who, "link", new Date(now))),
      resubscribe: async (who) => void (await ledger.resubscribe(who)),
      spoolRoot,
      now: () => new Date(now),
      embed: async (url) => {
        embedded.push(url);
        return `https://looker.example.com/login/embed/${embedded.length}?signature=s%3D`;
      },
      ...over,
    },
  });
  const offers = openLinkStore({
    ledger,
    spoolRoot,
    baseUrl: "https://lookpost.example.com/",
    keepMs: () => 7 * DAY_MS,
    clock: { now: () => new Date(now) },
    randomBytes,
    ...offering,
  });
  onTestFinished(async () => {
    await server.close();
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });
  let files = 0;
  return {
    url: server.url,
    folder,
    spoolRoot,
    ledger,
    offers,
    heard,
    embedded,
    artifact(contents, part = {}) {
      files += 1;
      const path = join(spool, `file-${files}`);
      writeFileSync(path, contents);
      const bytes = Buffer.byteLength(contents);
      return {
        filename: "flights.csv",
        contentType: "text/csv; charset=utf-8",
        file: { path, bytes },
        rows: 12_431,
        sections: [0],
        ...part,
      };
    },
    async offered(artifact) {
      const { url } = await offers.file(artifact, "run1");
      return url.replace("https://lookpost.example.com", server.url);
    },
    later(ms) {
      now += ms;
    },
  };
}
