import { createHash } from "node:crypto";
import { utimes } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { ReportError } from "../core/error.ts";
import type { LinkTarget } from "../core/model/memory.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Links } from "../core/ports/ledger.ts";
import type { LinkStore } from "../core/ports/link-store.ts";
import { withoutEnd } from "../core/rules/trimmed.ts";

export interface LinkStoreOptions {
  readonly ledger: Pick<Links, "offerLink">;
  /** The folder of all spools. */
  readonly spoolRoot: string;
  /** How recipients reach this server: `server.url`, with or without a slash at the end. */
  readonly baseUrl: string;
  /** How long files are kept in the spool (`keep: files`), in milliseconds: their addresses work for as long. */
  readonly keepMs: () => number;
  readonly clock: Pick<Clock, "now">;
  readonly randomBytes: (bytes: number) => Uint8Array;
}

export function openLinkStore(options: LinkStoreOptions): LinkStore {
  const root = resolve(options.spoolRoot);
  const base = withoutEnd(options.baseUrl, "/");
  const offer = async (target: LinkTarget, runId: string, keptMs = options.keepMs()) => {
    const token = newToken(options.randomBytes);
    const expiresAt = new Date(options.clock.now().getTime() + keptMs);
    await options.ledger.offerLink({ tokenHash: hashOf(token), runId, expiresAt, target });
    return { token, expiresAt };
  };
  return {
    async file({ filename, contentType, file, rows, sections }, runId) {
      const path = withinRoot(file.path, root);
      await keepFolder(resolve(root, path.split(sep, 1)[0] ?? ""), options.clock.now());
      const target = { kind: "file", path, filename, contentType, bytes: file.bytes, rows } as const;
      const { token, expiresAt } = await offer(target, runId);
      return {
        filename,
        url: `${base}/files/${token}`,
        bytes: file.bytes,
        rows,
        sections,
        expiresAt: expiresAt.toISOString(),
      };
    },
    async embed(url, runId) {
      const { token } = await offer({ kind: "embed", url }, runId);
      return `${base}/open/${token}`;
    },
    async unsubscribe(who, runId) {
      const { token } = await offer({ kind: "unsubscribe", who }, runId, UNSUBSCRIBE_MS);
      return `${base}/unsubscribe/${token}`;
    },
  };
}

/** Longer than any run is kept: it goes with its run. */
const UNSUBSCRIBE_MS = 100 * 365 * 86_400_000;

/** Relative to the root, since the folder may be elsewhere after a move. */
function withinRoot(path: string, root: string): string {
  const inside = relative(root, resolve(path));
  const isInside = inside.includes(sep) && inside.split(sep, 1)[0] !== "..";
  if (isInside) return inside;
  throw new ReportError("A file that is not in the spool cannot be offered for download.", { code: "local" });
}

/** The spool deletes folders by their age since they were last touched: this one has to last as long as the address does. */
async function keepFolder(folder: string, now: Date): Promise<void> {
  await utimes(folder, now, now).catch((cause) => {
    throw new ReportError("The files of this run are not in the spool any more.", { code: "local", cause });
  });
}

/** For messages that are not sent: addresses that look like real ones and lead nowhere. Nothing is written down. */
export function sampleLinkStore({
  baseUrl,
  keepMs,
  clock,
}: Pick<LinkStoreOptions, "baseUrl" | "keepMs" | "clock">): LinkStore {
  const base = withoutEnd(baseUrl, "/");
  const token = "only-a-preview".padEnd(Math.ceil((TOKEN_BYTES * 4) / 3), "-");
  return {
    async file({ filename, file, rows, sections }) {
      const expiresAt = new Date(clock.now().getTime() + keepMs()).toISOString();
      return { filename, url: `${base}/files/${token}`, bytes: file.bytes, rows, sections, expiresAt };
    },
    async embed() {
      return `${base}/open/${token}`;
    },
    async unsubscribe() {
      return `${base}/unsubscribe/${token}`;
    },
  };
}

/** As many bits as a key has: an address cannot be found by trying. */
const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/;

/** The part of an address that only its recipients know, in base64url (RFC 4648, section 5). */
function newToken(randomBytes: (bytes: number) => Uint8Array): string {
  return Buffer.from(randomBytes(TOKEN_BYTES)).toString("base64url");
}

/** What the ledger keeps of it: with a copy of the ledger nothing can be opened. */
export function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}
