import type { Problem } from "../model/problem.ts";

const MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof MS;

const NAMES: Readonly<Record<Unit, string>> = { s: "seconds", m: "minutes", h: "hours", d: "days" };
const DURATION = /^(\d{1,9})([smhd])$/;

/** What a duration may be, as a person writes it. */
export interface DurationLimits {
  readonly least: string;
  readonly most: string;
}

/** Of a timeout: no query of a report is worth a longer wait, and a run must end before the next day's. */
const OF_TIMEOUT: DurationLimits = { least: "1s", most: "24h" };

/** "45s", "30m", "2h", "7d" in milliseconds, or what is wrong with it. */
export function parseDuration(text: string, limits = OF_TIMEOUT): number | Problem {
  const written = text.trim();
  const ms = milliseconds(written);
  if (ms === null) return notADuration(written, limits);
  if (ms === 0 && limits === OF_TIMEOUT)
    return { message: "a timeout of 0 ends everything at once", advice: "Write a time such as 30m." };
  if (ms < least(limits))
    return { message: `"${written}" is too short`, advice: `Write at least ${limits.least}.` };
  if (ms > most(limits))
    return { message: `"${written}" is too long`, advice: `Write at most ${limits.most}.` };
  return ms;
}

function milliseconds(text: string): number | null {
  const match = DURATION.exec(text);
  const unit = match?.[2] as Unit | undefined;
  return match && unit ? Number(match[1]) * MS[unit] : null;
}

function least(limits: DurationLimits): number {
  return milliseconds(limits.least) ?? 0;
}

function most(limits: DurationLimits): number {
  return milliseconds(limits.most) ?? Number.POSITIVE_INFINITY;
}

function notADuration(text: string, limits: DurationLimits): Problem {
  const number = /^\d{1,9}$/.exec(text)?.[0];
  const fitting = (Object.keys(MS) as Unit[]).filter((unit) => {
    const ms = Number(number) * MS[unit];
    return ms >= least(limits) && ms <= most(limits);
  });
  if (number !== undefined && fitting.length > 0)
    return { message: `"${text}" has no unit`, advice: `Write ${choices(number, fitting)}.` };
  const worded = /^(\d+)\s*(s|m(?!on)|h|d)[a-z]*$/i.exec(text);
  if (worded) {
    const suggestion = `${worded[1]}${worded[2]?.toLowerCase()}`;
    return { message: `"${text}" is not a duration`, advice: `Did you mean ${suggestion}?` };
  }
  return {
    message: `"${text}" is not a duration`,
    advice: `Write a whole number and one unit: ${examples(limits)}.`,
  };
}

/** "30s for seconds or 30m for minutes". */
function choices(number: string, units: readonly Unit[]): string {
  const all = units.map((unit) => `${number}${unit} for ${NAMES[unit]}`);
  return all.length === 1 ? all.join("") : `${all.slice(0, -1).join(", ")} or ${all.at(-1)}`;
}

function examples(limits: DurationLimits): string {
  return least(limits) >= MS.d ? "7d or 400d" : "45s, 30m or 2h";
}
