import { utimes } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { ReportError } from "../core/error.ts";
import type { LinkTarget } from "../core/model/memory.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Links } from "../core/ports/ledger.ts";
import type { LinkStore } from "../core/ports/link-store.ts";
import { hashOf, newToken, TOKEN_BYTES } from "./token.ts";

export interface OffersOptions {
  readonly ledger: Pick<Links, "offerLink">;
  /** The folder of all spools. */
  readonly spoolRoot: string;
  /** How recipients reach this server: `server.url`, with or without a slash at the end. */
  readonly baseUrl: string;
  /** How long files are kept in the spool (`keep: files`), in milliseconds: as long do their addresses lead there. */
  readonly keepMs: () => number;
  readonly clock: Pick<Clock, "now">;
  readonly randomBytes: (bytes: number) => Uint8Array;
}

export function openOffers(options: OffersOptions): LinkStore {
  const root = resolve(options.spoolRoot);
  const base = options.baseUrl.replace(/\/+$/, "");
  const offer = async (target: LinkTarget, runId: string) => {
    const token = newToken(options.randomBytes);
    const expiresAt = new Date(options.clock.now().getTime() + options.keepMs());
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
  };
}

/** Relative to the root, since the folder may be elsewhere after a move. */
function withinRoot(path: string, root: string): string {
  const inside = relative(root, resolve(path));
  const isInside = inside.includes(sep) && inside.split(sep, 1)[0] !== "..";
  if (isInside) return inside;
  throw new ReportError("A file that is not in the spool cannot be offered for download.", { code: "local" });
}

/** The spool is tidied by when its folders were last touched: this one has to stand for as long as the address does. */
async function keepFolder(folder: string, now: Date): Promise<void> {
  await utimes(folder, now, now).catch((cause) => {
    throw new ReportError("The files of this run are not in the spool any more.", { code: "local", cause });
  });
}

/** For messages that nobody gets: addresses that look as real ones do and lead nowhere. Nothing is written down. */
export function sampleOffers({
  baseUrl,
  keepMs,
  clock,
}: Pick<OffersOptions, "baseUrl" | "keepMs" | "clock">): LinkStore {
  const base = baseUrl.replace(/\/+$/, "");
  const token = "only-a-preview".padEnd(Math.ceil((TOKEN_BYTES * 4) / 3), "-");
  return {
    async file({ filename, file, rows, sections }) {
      const expiresAt = new Date(clock.now().getTime() + keepMs()).toISOString();
      return { filename, url: `${base}/files/${token}`, bytes: file.bytes, rows, sections, expiresAt };
    },
    async embed() {
      return `${base}/open/${token}`;
    },
  };
}
