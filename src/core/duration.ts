import type { Complaint } from "./complaint.ts";

const MS = { s: 1000, m: 60_000, h: 3_600_000 } as const;
const DURATION = /^(\d{1,9})([smh])$/;

/** No query of a report is worth a longer wait, and a run must end before the next day's. */
const DURATION_MS_MAX = 24 * MS.h;

/** "45s", "30m", "2h" in milliseconds, or what is wrong with it. */
export function parseDuration(text: string): number | Complaint {
  const match = DURATION.exec(text.trim());
  const unit = match?.[2] as keyof typeof MS | undefined;
  if (!match || !unit) return notADuration(text.trim());
  const ms = Number(match[1]) * MS[unit];
  if (ms === 0)
    return { message: "a timeout of 0 ends everything at once", advice: "Write a time such as 30m." };
  if (ms > DURATION_MS_MAX) return { message: `"${text.trim()}" is too long`, advice: "Write at most 24h." };
  return ms;
}

function notADuration(text: string): Complaint {
  if (/^\d+$/.test(text))
    return {
      message: `"${text}" has no unit`,
      advice: `Write ${text}m for minutes, ${text}s for seconds or ${text}h for hours.`,
    };
  const worded = /^(\d+)\s*(s|m|h)[a-z]*$/i.exec(text);
  if (worded) {
    const suggestion = `${worded[1]}${worded[2]?.toLowerCase()}`;
    return { message: `"${text}" is not a duration`, advice: `Did you mean ${suggestion}?` };
  }
  return {
    message: `"${text}" is not a duration`,
    advice: "Write a whole number and one unit: 45s, 30m or 2h.",
  };
}
