import type { Path } from "../../core/model/problem.ts";

/** Parts of the language that are settled and not built: they get an honest answer, not "unknown key". A word that is built leaves this list. */
export const PLANNED_KEYS: Readonly<Record<Scope, ReadonlySet<string>>> = {
  file: new Set(["calendars", "vars", "redirect", "profiles"]),
  defaults: new Set(["calendar", "on_holiday", "vars"]),
  report: new Set([
    "calendar",
    "on_holiday",
    "from",
    "until",
    "paused",
    "wait_for",
    "expect",
    "alert_if",
    "for_each",
    "slice",
    "cache",
    "vars",
  ]),
  schedule: new Set(["calendar", "on_holiday", "business_day", "on", "jitter"]),
  section: new Set(["alert_if"]),
  delivery: new Set(["webhook", "s3", "sftp", "google_chat", "teams"]),
  attachment: new Set(["txt"]),
};

/** The same for values of a fixed choice, by their key. */
export const PLANNED_VALUES: Readonly<Record<string, ReadonlySet<string>>> = {
  send_if: new Set(["changed"]),
  attach: PLANNED_KEYS.attachment,
};

type Scope = "file" | "defaults" | "report" | "schedule" | "section" | "delivery" | "attachment";

export function isKeyNotYetBuilt(path: Path, key: string): boolean {
  const scope = scopeOf(path);
  return scope !== null && PLANNED_KEYS[scope].has(key);
}

export function isValueNotYetBuilt(path: Path, value: unknown): boolean {
  const key = path.findLast((part) => typeof part === "string");
  return typeof value === "string" && key !== undefined && (PLANNED_VALUES[key]?.has(value) ?? false);
}

export function notYet(word: string): string {
  return `"${word}" is not supported by this version`;
}

/** The scope of the mapping at `path`. */
function scopeOf(path: Path): Scope | null {
  const words = path.map((key) => (typeof key === "number" ? "#" : key));
  if (path[0] === "reports" && path.length > 1) words[1] = "NAME";
  const place = words.join("/");
  return SCOPES.find(([pattern]) => pattern.test(place))?.[1] ?? null;
}

const SCOPES: readonly (readonly [place: RegExp, scope: Scope])[] = [
  [/^$/, "file"],
  [/^defaults$/, "defaults"],
  [/^reports\/NAME$/, "report"],
  [/^reports\/NAME\/schedule$/, "schedule"],
  [/^reports\/NAME\/sections\/#$/, "section"],
  [/^reports\/NAME\/deliver\/#$/, "delivery"],
  [/^(defaults|reports\/NAME)\/on_failure(\/#)?$/, "delivery"],
  [/^reports\/NAME\/(deliver|sections)\/#\/attach(\/#)?$/, "attachment"],
];
