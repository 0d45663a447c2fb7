import type { Ledger } from "../src/core/ports/ledger.ts";

const HOUR_MS = 60 * 60_000;
/** As many missed ticks as `catch_up: all` makes up for. */
export const TICKS = 25;

/** Reports that a worker finds long overdue when it starts. */
export interface Wave {
  readonly names: readonly string[];
  /** What is due of each of them, oldest first. */
  readonly ticks: readonly Date[];
  /** Their entries in reports.yaml. */
  readonly yaml: string;
}

/**
 * A wave of hourly reports whose last 25 ticks were missed. The next tick is most of an hour away, so that no retry is
 * overtaken by it. `folder`: where their files go.
 */
export function wave(number: number, reports: number, folder: string, now: Date): Wave {
  const last = new Date(Math.floor(now.getTime() / 60_000) * 60_000 - 5 * 60_000);
  const ticks = Array.from({ length: TICKS }, (_, index) => new Date(last.getTime() - index * HOUR_MS));
  const names = Array.from({ length: reports }, (_, index) => `wave-${number}-${index}`);
  const yaml = names.map((name, index) => entry(name, last.getUTCMinutes(), index, folder)).join("");
  return { names, ticks: ticks.reverse(), yaml };
}

/** Writes into the ledger that the ticks of the wave were promised, as a worker would have that was then down for a day. */
export async function promise(ledger: Ledger, { names, ticks }: Wave): Promise<void> {
  const [first] = ticks;
  if (first === undefined) return;
  const cron = `${first.getUTCMinutes()} * * * *`;
  const plans = names.map((report) => ({ report, cron, timezone: "UTC", nextAt: first }));
  await ledger.plan(plans, new Date());
}

/** Looks and a query that each take their time; no two reports ask for quite the same. */
function entry(name: string, minute: number, index: number, folder: string): string {
  return `  ${name}:
    title: ${name}
    schedule: "${minute} * * * *"
    look: ${[42, 43, 46][index % 3]}
    limit: ${50 + index}
    deliver:
      - email: { to: [ana@example.com, ben@example.com] }
        attach: csv
      - slack: "#flight-ops"
        attach: csv
      - file: ${folder}
        attach: csv
`;
}

/** The store is named by the environment: its URL may hold a password. */
export function head(): string {
  return `version: 1
looker: { base_url: "\${LOOKER_BASE_URL}", client_id: "\${LOOKER_CLIENT_ID}", client_secret: "\${LOOKER_CLIENT_SECRET}" }
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
slack: { token: "\${SLACK_BOT_TOKEN}", api_url: "\${SLACK_API_URL}" }
store: "\${CHAOS_STORE}"
defaults:
  timezone: UTC
  catch_up: all
  retry: { tries: 40, over: 2m }
reports:
`;
}
