import type { Report } from "../../core/model/report.ts";
import { isMapping } from "../problems/value.ts";
import { parseCron } from "./cron.ts";
import { BUILT_IN } from "./settings.ts";
import { parseTimezone } from "./timezone.ts";

/** The schedule of a report that may have problems elsewhere; null where its schedule has. */
export function scheduleIn(report: unknown, defaults: unknown): Report["schedule"] | null {
  if (!isMapping(report)) return null;
  const written = isMapping(report.schedule) ? report.schedule : { cron: report.schedule };
  const ofFile = isMapping(defaults) ? defaults.timezone : undefined;
  const zone = written.timezone ?? report.timezone ?? ofFile ?? BUILT_IN.timezone;
  if (typeof written.cron !== "string" || typeof zone !== "string") return null;
  const cron = parseCron(written.cron);
  const timezone = parseTimezone(zone);
  return "cron" in cron && "name" in timezone ? { cron: cron.cron, timezone: timezone.name } : null;
}
