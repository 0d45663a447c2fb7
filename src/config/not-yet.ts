import type { Path } from "./fault.ts";

/** Parts of the language that are settled and not built: they deserve an honest answer, not "unknown key". */
const KEYS: Readonly<Record<Scope, ReadonlySet<string>>> = {
  file: new Set(["on_failure", "catch_up"]),
  defaults: new Set(["catch_up", "on_failure", "calendar", "on_holiday"]),
  report: new Set([
    "catch_up",
    "on_failure",
    "expect_by",
    "calendar",
    "on_holiday",
    "wait_for",
    "alert_if",
    "for_each",
    "kpi",
    "chart",
    "compare",
    "dashboard",
  ]),
  schedule: new Set(["calendar", "on_holiday"]),
  section: new Set(["kpi", "chart", "compare", "dashboard", "attach", "alert_if"]),
  delivery: new Set(["webhook", "s3", "sftp", "google_chat", "teams", "file"]),
  options: new Set(["user", "thread"]),
  attachment: new Set(["xlsx", "pdf", "png", "zip", "html", "json", "txt"]),
};

/** The same for values of a fixed choice, by their key. */
const VALUES: Readonly<Record<string, ReadonlySet<string>>> = {
  send_if: new Set(["changed"]),
  show: new Set(["chart", "image"]),
  attach: KEYS.attachment,
};

type Scope = "file" | "defaults" | "report" | "schedule" | "section" | "delivery" | "options" | "attachment";

export function isKeyNotYetBuilt(path: Path, key: string): boolean {
  const scope = scopeOf(path);
  return scope !== null && KEYS[scope].has(key);
}

export function isValueNotYetBuilt(path: Path, value: unknown): boolean {
  const key = path.findLast((part) => typeof part === "string");
  return typeof value === "string" && key !== undefined && (VALUES[key]?.has(value) ?? false);
}

export function notYet(word: string): string {
  return `"${word}" is not supported by this version`;
}

/** The scope of the mapping at `path`. */
function scopeOf(path: Path): Scope | null {
  const [top, , part, , under] = path;
  if (path.length === 0) return "file";
  if (top === "defaults") return path.length === 1 ? "defaults" : null;
  if (top !== "reports" || path.length < 2) return null;
  if (path.length === 2) return "report";
  if (part === "schedule") return path.length === 3 ? "schedule" : null;
  if (part === "sections") return path.length === 4 ? "section" : null;
  if (part !== "deliver") return null;
  if (path.length === 4) return "delivery";
  if (under === "attach") return path.length <= 6 ? "attachment" : null;
  return path.length === 5 ? "options" : null;
}
