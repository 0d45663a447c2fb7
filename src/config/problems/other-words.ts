/** What people who know other tools call a key of this language. */
const MEANT: Readonly<Record<string, string>> = {
  alert: "alert_if",
  alerts: "alert_if",
  holidays: "calendar",
  shift: "on_holiday",
  skip_on: "on_holiday",
  include_files: "include",
  includes: "include",
  foreach: "for_each",
  for: "for_each",
  http: "webhook",
  https: "webhook",
  webhooks: "webhook",
  msteams: "teams",
  ms_teams: "teams",
  gchat: "google_chat",
  extend: "extends",
  recipients: "deliver",
  destinations: "deliver",
  cron: "schedule",
};

/** Our word for it; null where it is none of theirs. */
export function ourWord(key: string): string | null {
  return MEANT[key.toLowerCase().replaceAll("-", "_")] ?? null;
}
