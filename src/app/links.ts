import { randomBytes } from "node:crypto";
import type { Clock } from "../core/ports/clock.ts";
import type { Ledger } from "../core/ports/ledger.ts";
import type { LinkStore } from "../core/ports/link-store.ts";
import { openLinkStore, sampleLinkStore } from "../server/link-store.ts";
import { type AppConfig, spoolRoot } from "./config.ts";

/** What holds the configuration as it is at the moment. */
interface Standing {
  readonly config: AppConfig;
}

/** Addresses of this worker's own for recipients; null where the file does not say how they reach it. */
export function ownLinks(ledger: Ledger, standing: Standing, clock: Clock): LinkStore | null {
  const baseUrl = standing.config.server?.url ?? null;
  if (baseUrl === null) return null;
  const keepMs = () => standing.config.keep.filesMs;
  return openLinkStore({
    ledger,
    spoolRoot: spoolRoot(standing.config),
    baseUrl,
    keepMs,
    clock,
    randomBytes,
  });
}

/** The same for a trial that sends nothing: nobody will follow them, and nothing is written down. */
export function sampleLinks(standing: Standing, clock: Clock): LinkStore | null {
  const baseUrl = standing.config.server?.url ?? null;
  if (baseUrl === null) return null;
  return sampleLinkStore({ baseUrl, keepMs: () => standing.config.keep.filesMs, clock });
}
