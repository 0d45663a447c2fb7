import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../src/sandbox/index.ts";
import { type Disk, mountDisk } from "./disk.ts";
import type { Ordeal } from "./ordeals.ts";
import { type Plug, plugFor } from "./plug.ts";
import { installProgram, type Program } from "./program.ts";

/** What the workers of a campaign live among. */
export interface Surroundings {
  readonly sandbox: Sandbox;
  /** What the workers find in their environment: every server behind its plug. */
  readonly env: Readonly<Record<string, string>>;
  readonly plugs: readonly Plug[];
  readonly disk: Disk | null;
  /** For one worker, or null: it runs from the source. */
  program(name: string): Promise<Program | null>;
  close(): Promise<void>;
}

export interface SurroundingsOptions {
  readonly folder: string;
  readonly queryMs: number;
  /** The ledger's server, or null: it is in `data`. */
  readonly postgresUrl: string | null;
  readonly ordeals: readonly Ordeal[];
  /** Whether the mail server takes few connections. */
  readonly isCapped: boolean;
}

/** As many messages at a time as a small provider takes. */
const CAP = { connections: 3, line: "421 4.7.0 Too many connections from your host, try again later" };

export async function openSurroundings(options: SurroundingsOptions): Promise<Surroundings> {
  const { folder, queryMs, postgresUrl, ordeals, isCapped } = options;
  const data = join(folder, "data");
  const disk = ordeals.includes("full_disk") && postgresUrl === null ? mountDisk(data) : null;
  const sandbox = await startSandbox({ queryMs, outbox: join(folder, "outbox") });
  const { env } = sandbox;
  const looker = await plugFor(env.LOOKER_BASE_URL);
  const smtp = await plugFor(env.SMTP_URL, isCapped ? { cap: CAP } : {});
  const slack = await plugFor(env.SLACK_API_URL);
  const postgres = postgresUrl === null ? null : await plugFor(postgresUrl);
  const plugs = [looker, smtp, slack, ...(postgres === null ? [] : [postgres])];
  const programs = new Map<string, Promise<Program>>();
  return {
    sandbox,
    plugs,
    disk,
    env: {
      ...env,
      LOOKER_BASE_URL: looker.url,
      SMTP_URL: smtp.url,
      SLACK_API_URL: slack.url,
      CHAOS_STORE: postgres?.url ?? `file:${data}`,
    },
    async program(name) {
      if (!ordeals.includes("upgrade")) return null;
      const own = join(folder, `machine-of-${name}`);
      mkdirSync(own, { recursive: true });
      const installed = programs.get(name) ?? installProgram(own);
      programs.set(name, installed);
      return installed;
    },
    async close() {
      await Promise.all(plugs.map((plug) => plug.close()));
      await sandbox.close();
      // What is on the disk is gone with it, and may be wanted for finding out why.
      if (disk !== null) cpSync(data, join(folder, "data-at-the-end"), { recursive: true });
      disk?.close();
    },
  };
}
