import { setTimeout as sleep } from "node:timers/promises";
import type { Disk } from "./disk.ts";
import type { Plug } from "./plug.ts";
import type { Program } from "./program.ts";
import type { Replica } from "./replica.ts";

/** What a worker lives through, other than a kill. */
export const ORDEALS = ["upgrade", "starve", "freeze", "unplug", "silence", "full_disk"] as const;
export type Ordeal = (typeof ORDEALS)[number];

/** What an ordeal is done to. */
export interface Scene {
  readonly replica: Replica;
  /** That the replica runs from; null: from the source. */
  readonly program: Program | null;
  /** In front of Looker, the mail server, Slack and Postgres. */
  readonly plugs: readonly Plug[];
  readonly disk: Disk | null;
  readonly random: () => number;
}

/** Longer than a lease: others take over what it has in hand (15 s). */
const FROZEN_MS = 18_000;
/** How long an ordeal leaves the worker under way, before it begins and after it is over. */
const BEFORE_MS_MAX = 3_000;
const AFTER_MS_MAX = 3_000;
/** Files are missing, a server is away, a disk is full for so long. */
const DURING_MS_MIN = 2_000;
const DURING_MS_MAX = 8_000;
/** See starve.ts. */
const STARVED_MS = 6_000;

/** Which of them can be done here. */
export function feasible(
  { program, disk }: Pick<Scene, "program" | "disk">,
  wanted: readonly Ordeal[],
): readonly Ordeal[] {
  return wanted.filter(
    (one) => !(one === "upgrade" && program === null) && !(one === "full_disk" && disk === null),
  );
}

/** Puts the worker through it, and lets it live on for a moment. */
export async function undergo(ordeal: Ordeal, scene: Scene): Promise<void> {
  const { random } = scene;
  const some = (min: number, max: number) => sleep(min + (max - min) * random());
  await scene.replica.started;
  await some(0, BEFORE_MS_MAX);
  const end = await begin(ordeal, scene);
  if (ordeal === "freeze") await sleep(FROZEN_MS);
  else if (ordeal === "starve") await sleep(STARVED_MS);
  else await some(DURING_MS_MIN, DURING_MS_MAX);
  await end();
  await some(500, AFTER_MS_MAX);
}

/** Returns what ends it. */
async function begin(ordeal: Ordeal, scene: Scene): Promise<() => unknown> {
  const { replica, program, plugs, disk, random } = scene;
  const plug = plugs[Math.floor(random() * plugs.length)];
  switch (ordeal) {
    case "upgrade":
      program?.remove();
      return () => program?.install();
    case "freeze":
      replica.kill("SIGSTOP");
      return () => replica.kill("SIGCONT");
    case "unplug":
      await plug?.pull();
      return () => plug?.restore();
    case "silence":
      plug?.silence();
      return () => plug?.restore();
    case "full_disk":
      disk?.fill();
      return () => disk?.free();
    default:
      replica.kill("SIGUSR2");
      return () => undefined;
  }
}
