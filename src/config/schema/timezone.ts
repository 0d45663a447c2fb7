import type { Problem } from "../../core/model/problem.ts";
import { didYouMean, nearest } from "../../core/rules/nearest.ts";

/** What people write instead of a zone. Some are old names of one that few mean: BST is Dhaka, EST has no summer time. */
const MEANT: Readonly<Record<string, string>> = {
  et: "America/New_York",
  eastern: "America/New_York",
  "eastern time": "America/New_York",
  central: "America/Chicago",
  "central time": "America/Chicago",
  mountain: "America/Denver",
  "mountain time": "America/Denver",
  pacific: "America/Los_Angeles",
  "pacific time": "America/Los_Angeles",
  est: "America/New_York",
  edt: "America/New_York",
  ct: "America/Chicago",
  cst: "America/Chicago",
  cdt: "America/Chicago",
  mt: "America/Denver",
  mst: "America/Denver",
  mdt: "America/Denver",
  pt: "America/Los_Angeles",
  pst: "America/Los_Angeles",
  pdt: "America/Los_Angeles",
  bst: "Europe/London",
  uk: "Europe/London",
  cest: "Europe/Berlin",
  eest: "Europe/Helsinki",
  ist: "Asia/Kolkata",
  jst: "Asia/Tokyo",
  aest: "Australia/Sydney",
  z: "UTC",
};
const ADVICE = 'Write a name of the IANA time zone database, such as "Europe/London" or "UTC".';

const zones: readonly string[] = Intl.supportedValuesOf("timeZone");
const byLowerCase = new Map(zones.map((zone) => [zone.toLowerCase(), zone]));
const checked = new Map<string, string | Problem>();

/** The IANA name as it is to be spelled (aliases such as US/Eastern stay as they are), or what is wrong with it. */
export function parseTimezone(text: string): { readonly name: string } | Problem {
  let result = checked.get(text);
  if (result === undefined) {
    result = find(text.trim());
    checked.set(text, result);
  }
  return typeof result === "string" ? { name: result } : result;
}

function find(text: string): string | Problem {
  const spelled = byLowerCase.get(text.toLowerCase());
  if (spelled !== undefined) return spelled;
  if (/^[+-]?\d/.test(text) || /^(utc|gmt)\s*[+-]/i.test(text))
    return {
      message: `"${text}" is an offset, not a time zone`,
      advice: `An offset has no daylight saving time. ${ADVICE}`,
    };
  const meant = MEANT[text.toLowerCase()];
  if (meant !== undefined)
    return {
      message: `"${text}" is not the name of a time zone`,
      advice: `Did you mean "${meant}"? ${ADVICE}`,
    };
  if (isKnown(text)) return text;
  const near = suggestion(text);
  return { message: `there is no time zone "${text}"`, advice: near === null ? ADVICE : `${near} ${ADVICE}` };
}

/** Aliases are not among the supported values, yet every part of the platform takes them. */
function isKnown(text: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

function suggestion(text: string): string | null {
  const underscored = text.replaceAll(/\s+/g, "_");
  const city = underscored.split("/").at(-1)?.toLowerCase() ?? "";
  const sameCity = zones.filter((zone) => zone.toLowerCase().split("/").at(-1) === city);
  if (sameCity.length > 0) return didYouMean(sameCity[0] ?? "", sameCity).trim();
  const whole = didYouMean(underscored, zones).trim();
  if (whole !== "") return whole;
  const cities = new Map(zones.map((zone) => [zone.split("/").at(-1) ?? zone, zone]));
  const near = nearest(city, [...cities.keys()], 1).map((name) => cities.get(name));
  return near[0] === undefined ? null : `Did you mean "${near[0]}"?`;
}
