import { type Call, flag, param } from "../http/call.ts";
import { notFound } from "../http/errors.ts";
import { json } from "../http/reply.ts";
import type { Route } from "../http/router.ts";
import { apiUser } from "./people.ts";

const plan = {
  can: { show: true, update: false },
  user_id: apiUser.id,
  user: publicUser(apiUser),
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
  timezone: "America/New_York" as string | null,
  run_once: false,
  include_links: true,
  pdf_paper_size: null as string | null,
  pdf_landscape: false,
  long_tables: false,
  created_at: "2026-01-05T09:00:00.000+00:00",
  updated_at: "2026-01-05T09:00:00.000+00:00",
  next_run_at: null as string | null,
  last_run_at: null as string | null,
};

const analyst = {
  id: "8",
  first_name: "Ann",
  last_name: "Lee",
  display_name: "Ann Lee",
};

/** By crontab and by datagroup, to every kind of destination, of the API user's and of another's, disabled, and for once. */
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
  {
    ...plan,
    id: "503",
    user_id: analyst.id,
    user: publicUser(analyst),
    name: "Delays to the warehouse",
    look_id: "43",
    crontab: "30 5 * * *",
    timezone: null,
    send_all_results: true,
    scheduled_plan_destination: [
      destination("603", "503", "csv", "s3://sandbox-bucket/delays/", {
        type: "s3",
        parameters: '{"access_key_id":"SANDBOX","region":"us-east-1"}',
      }),
      destination("604", "503", "csv_zip", "sftp://files.sandbox.example/in/", {
        type: "sftp",
        parameters: '{"username":"robot"}',
      }),
      destination("605", "503", "json_detail", "https://hooks.sandbox.example/looker", { type: "webhook" }),
      destination("606", "503", "wysiwyg_png", "", {
        type: "looker-integration://1::slack_app",
        parameters: '{"channel":"C012AB3CD","filename":"delays"}',
      }),
    ],
  },
  {
    ...plan,
    id: "504",
    name: "Monthly, switched off",
    look_id: "42",
    enabled: false,
    crontab: "0 8 1 * *",
    scheduled_plan_destination: [destination("607", "504", "xlsx", "ops@sandbox.example")],
  },
  {
    ...plan,
    id: "505",
    name: "Once, in January",
    dashboard_id: "7",
    run_once: true,
    crontab: null,
    filters_string: "?Departure=7%20days&filter_config=%7B%22Departure%22%3A%5B%5D%7D",
    last_run_at: "2026-01-05T09:00:05.000+00:00",
    scheduled_plan_destination: [destination("608", "505", "assembled_pdf", "ops@sandbox.example")],
  },
];

function destination(
  id: string,
  planId: string,
  format: string,
  address: string,
  more: { type?: string; parameters?: string } = {},
) {
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
    ...more,
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
    listed("all_scheduled_plans", "/scheduled_plans", (call) => ofAsked(call, plans)),
    listed("scheduled_plans_for_look", "/scheduled_plans/look/{look_id}", (call) =>
      ofAsked(call, plans).filter((one) => one.look_id === param(call, "look_id")),
    ),
    listed("scheduled_plans_for_dashboard", "/scheduled_plans/dashboard/{dashboard_id}", (call) =>
      ofAsked(call, plans).filter((one) => one.dashboard_id === param(call, "dashboard_id")),
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
    {
      operation: "all_datagroups",
      method: "GET",
      path: "/datagroups",
      answer: () => json(datagroups(now())),
    },
    {
      operation: "datagroup",
      method: "GET",
      path: "/datagroups/{datagroup_id}",
      answer: (call) => {
        const datagroup = datagroups(now()).find(({ id }) => id === param(call, "datagroup_id"));
        if (datagroup === undefined) throw notFound();
        return json(datagroup);
      },
    },
  ];
}

/** Only the caller's own, unless those of a user, or of all, are asked for. */
function ofAsked(call: Call, all: typeof plans): typeof plans {
  if (flag(call, "all_users") === true) return all;
  const user = call.query.get("user_id") || apiUser.id;
  return all.filter(({ user_id }) => user_id === user);
}

/** In each of their states: ready; triggered a moment ago, its tables still being built; in error, its trigger failing. */
function datagroups(now: Date) {
  const ready = nightly(now);
  const seconds = Math.floor(now.getTime() / 1000);
  return [
    ready,
    {
      ...ready,
      id: "2",
      name: "hourly",
      trigger_value: String(seconds),
      triggered_at: seconds,
      stale_before: seconds,
    },
    {
      ...ready,
      id: "3",
      name: "imports",
      trigger_error: 'relation "etl.imports" does not exist',
      trigger_value: null,
      triggered_at: null,
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
    stale_before: null as number | null,
    trigger_check_at: Math.floor(now.getTime() / 1000),
    trigger_error: null as string | null,
    trigger_value: triggered.toISOString().slice(0, 10) as string | null,
    triggered_at: (triggered.getTime() / 1000) as number | null,
  };
}

/** What others see of a user. */
function publicUser({ id, first_name, last_name, display_name }: Omit<typeof apiUser, "email">) {
  return {
    can: {},
    id,
    first_name,
    last_name,
    display_name,
    avatar_url: `https://avatars.sandbox.example/${id}.png`,
    url: null,
  };
}
