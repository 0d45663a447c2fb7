import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { simpleParser } from "mailparser";
import type { Sandbox } from "../src/sandbox/index.ts";

/** What arrived somewhere, by what it says of itself: nothing of it is taken from the ledger. */
export interface Arrival {
  readonly kind: "email" | "slack" | "file";
  readonly report: string;
  /** "2026-11-16T13:00Z". */
  readonly due: string;
  /** The address, the channel, the folder. */
  readonly recipient: string;
}

/** Everything that has arrived in the sandbox's inbox and channels and in the folder of files. */
export async function arrivals(sandbox: Sandbox, folder: string): Promise<Arrival[]> {
  return [...(await inbox(sandbox)), ...posts(sandbox), ...files(folder)];
}

async function inbox({ smtp }: Sandbox): Promise<Arrival[]> {
  const found: Arrival[] = [];
  for (const { file, recipients } of await smtp.messages()) {
    const { subject = "", text = "" } = await simpleParser(readFileSync(file));
    for (const recipient of recipients)
      found.push({ kind: "email", report: subject, due: dueIn(text), recipient });
  }
  return found;
}

function posts({ slack }: Sandbox): Arrival[] {
  // The messages in a post's thread are its files.
  const top = slack.posts("#flight-ops").filter(({ ts, thread_ts }) => (thread_ts ?? ts) === ts);
  return top.map((post) => {
    const text = JSON.stringify(post);
    const report = /wave-\d+-\d+/.exec(text)?.[0] ?? "?";
    return { kind: "slack", report, due: dueIn(text), recipient: "#flight-ops" };
  });
}

function files(folder: string): Arrival[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((report) =>
    readdirSync(join(folder, report))
      .filter((name) => !name.startsWith("."))
      .map((name): Arrival => {
        const { due } = JSON.parse(readFileSync(join(folder, report, name, "delivery.json"), "utf8"));
        return { kind: "file", report, due: minute(new Date(due)), recipient: folder };
      }),
  );
}

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);

/** As the digest says it: "Monday 16 November 2026, 08:00 UTC". */
function dueIn(text: string): string {
  const [, day, month, year, time] = /\b(\d{1,2}) (\w+) (\d{4}), (\d\d:\d\d)/.exec(text) ?? [];
  if (month === undefined) return "?";
  const number = String(MONTHS.indexOf(month) + 1).padStart(2, "0");
  return `${year}-${number}-${day?.padStart(2, "0")}T${time}Z`;
}

export function minute(date: Date): string {
  return `${date.toISOString().slice(0, 16)}Z`;
}
