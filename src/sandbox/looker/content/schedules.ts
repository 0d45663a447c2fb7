import { type Call, param } from "../http/call.ts";
import { notFound } from "../http/errors.ts";
import { json } from "../http/reply.ts";
import type { Route } from "../http/router.ts";
import { apiUser } from "./people.ts";

const plan = {
  can: { show: true, update: false },
  user_id: apiUser.id,
  run_as_recipient: false,
  enabled: true,
  look_id: null as string | null,
  dashboard_id: null as string | null,
  lookml_dashboard_id: null as string | null,
  query_id: null as string | null,
  filters_string: null as string | null,
  require_results: false,
  require_no_results: false,
  require_change: false,
  send_all_results: false,
  crontab: null as string | null,
  datagroup: null as string | null,
  timezone: "America/New_York",
  run_once: false,
  include_links: true,
  pdf_paper_size: null as string | null,
  pdf_landscape: false,
  long_tables: false,
  created_at: "2026-01-05T09:00:00.000+00:00",
  updated_at: "2026-01-05T09:00:00.000+00:00",
  next_run_at: null,
  last_run_at: null,
};

/** One plan by crontab, and one by datagroup. */
const plans = [
  {
    ...plan,
    id: "501",
    name: "Weekly delays to operations",
    title: "Weekly delays by origin airport",
    look_id: "42",
    crontab: "0 8 * * 1",
    filters_string: "?flights.origin=ORD%2CATL",
    require_results: true,
    scheduled_plan_destination: [destination("601", "501", "csv", "flight-ops@sandbox.example")],
  },
  {
    ...plan,
    id: "502",
    name: "Operations dashboard, nightly",
    title: "Flight operations",
    dashboard_id: "7",
    datagroup: "faa::nightly",
    pdf_paper_size: "a4",
    pdf_landscape: true,
    scheduled_plan_destination: [destination("602", "502", "wysiwyg_pdf", "ops@sandbox.example")],
  },
];

function destination(id: string, planId: string, format: string, address: string) {
  return {
    id,
    scheduled_plan_id: planId,
    type: "email",
    format,
    address,
    apply_formatting: true,
    apply_vis: false,
    looker_recipient: false,
    parameters: "{}",
    message: null,
  };
}

export function scheduleRoutes(now: () => Date): Route[] {
  const listed = (operation: string, path: string, wanted: (call: Call) => typeof plans): Route => ({
    operation,
    method: "GET",
    path,
    answer: (call) => json(wanted(call)),
  });
  return [
    listed("all_scheduled_plans", "/scheduled_plans", () => plans),
    listed("scheduled_plans_for_look", "/scheduled_plans/look/{look_id}", (call) =>
      plans.filter((one) => one.look_id === param(call, "look_id")),
    ),
    listed("scheduled_plans_for_dashboard", "/scheduled_plans/dashboard/{dashboard_id}", (call) =>
      plans.filter((one) => one.dashboard_id === param(call, "dashboard_id")),
    ),
    {
      operation: "scheduled_plan",
      method: "GET",
      path: "/scheduled_plans/{scheduled_plan_id}",
      answer: (call) => {
        const found = plans.find(({ id }) => id === param(call, "scheduled_plan_id"));
        if (found === undefined) throw notFound();
        return json(found);
      },
    },
    { operation: "all_datagroups", method: "GET", path: "/datagroups", answer: () => json([nightly(now())]) },
    {
      operation: "datagroup",
      method: "GET",
      path: "/datagroups/{datagroup_id}",
      answer: (call) => {
        const datagroup = nightly(now());
        if (param(call, "datagroup_id") !== datagroup.id) throw notFound();
        return json(datagroup);
      },
    },
  ];
}

/** A datagroup that is triggered at 03:00 UTC; its times are Unix seconds. */
function nightly(now: Date) {
  const triggered = new Date(now);
  triggered.setUTCHours(3, 0, 0, 0);
  if (triggered > now) triggered.setUTCDate(triggered.getUTCDate() - 1);
  return {
    can: { show: true },
    id: "1",
    model_name: "faa",
    name: "nightly",
    created_at: Date.UTC(2026, 0, 5) / 1000,
    stale_before: null,
    trigger_check_at: Math.floor(now.getTime() / 1000),
    trigger_error: null,
    trigger_value: triggered.toISOString().slice(0, 10),
    triggered_at: triggered.getTime() / 1000,
  };
}
