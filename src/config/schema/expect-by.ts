import type { Problem } from "../../core/model/problem.ts";

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const ADVICE = 'Write a local time from 00:00 to 23:59, as in "09:30", or none.';

/** "09:30", "none" (null), or what is wrong with it. */
export function parseExpectBy(text: string): { readonly time: string | null } | Problem {
  const written = text.trim();
  if (written === "none") return { time: null };
  if (TIME.test(written)) return { time: written };
  const near = nearTime(written);
  return {
    message: `"${written}" is not a time of day`,
    advice: near === null ? ADVICE : `Did you mean "${near}"? ${ADVICE}`,
  };
}

/** "9:30", "9.30", "9:30 pm", "9h30", "09:30:00" as they are meant. */
function nearTime(text: string): string | null {
  const match = /^(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2})?\s*([ap])?\.?m?\.?$/i.exec(text);
  if (!match || (match[2] === undefined && match[3] === undefined)) return null;
  const half = match[3]?.toLowerCase();
  const hour = half === undefined ? Number(match[1]) : (Number(match[1]) % 12) + (half === "p" ? 12 : 0);
  const time = `${String(hour).padStart(2, "0")}:${match[2] ?? "00"}`;
  return TIME.test(time) ? time : null;
}
