import type { Report } from "../core/model/report.ts";
import { FILE_RUNS } from "../core/model/run.ts";
import type { AppConfig } from "./config.ts";

/**
 * What runs of kind "file" go by: those who are told that reports.yaml is broken are whom its last good text names under
 * `defaults.on_failure`. It has no ticks and no deliveries of its own.
 */
export function fileReport({ reports, onFailure }: AppConfig): Report {
  return {
    name: FILE_RUNS,
    title: "reports.yaml",
    owner: null,
    description: null,
    link: "none",
    // Only its zone is read: that in which the first report's times are.
    schedule: { cron: "0 0 1 1 *", timezone: reports[0]?.schedule.timezone ?? "UTC" },
    timeoutMs: 0,
    timeoutFrom: "tries",
    resultBytesMax: 0,
    sendIf: "always",
    sections: [],
    deliver: [],
    catchUp: "none",
    retry: { triesMax: 1, overMs: 0 },
    onUnknown: "resend",
    onFailure,
    expectBy: null,
  };
}
