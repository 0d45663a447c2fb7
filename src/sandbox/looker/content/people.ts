import { param } from "../http/call.ts";
import { notFound } from "../http/errors.ts";
import { json } from "../http/reply.ts";
import type { Route } from "../http/router.ts";
import { pageOf, search } from "./search.ts";

/** Permissions of the API user: enough to find, run and download everything, nothing to change. */
const permissions: readonly [name: string, parent: string | null, description: string][] = [
  ["access_data", null, "Access data from any models allowed by this role"],
  ["see_lookml_dashboards", "access_data", "Can view LookML dashboards"],
  ["see_looks", "access_data", "Can view saved Looks"],
  ["see_user_dashboards", "see_looks", "Can view user-defined dashboards"],
  ["explore", "see_looks", "Can use the Explore page"],
  ["create_table_calculations", "explore", "Can create table calculations"],
  ["save_content", "see_looks", "Can save Looks and dashboards"],
  ["download_with_limit", "see_looks", "Can download results with a limit"],
  ["download_without_limit", "see_looks", "Can download unlimited results"],
  ["schedule_look_emails", "see_looks", "Can schedule emails of Looks"],
  ["see_sql", "see_looks", "Can see the SQL of a query"],
  ["see_schedules", null, "Can see the schedules of all users"],
  ["see_queries", null, "Can see the running queries of all users"],
];

export const apiUser = {
  id: "7",
  first_name: "Report",
  last_name: "Robot",
  display_name: "Report Robot",
  email: "report.robot@sandbox.example",
};

const role = {
  can: { show: true, index: true },
  id: "2",
  name: "Report runner",
  permission_set_id: "2",
  model_set_id: "1",
  internal: false,
  permission_set: {
    can: { show: true },
    id: "2",
    name: "Report runner",
    all_access: false,
    built_in: false,
    permissions: permissions.map(([name]) => name),
  },
  model_set: {
    can: { show: true },
    id: "1",
    name: "All",
    all_access: true,
    built_in: true,
    models: [] as string[],
  },
};

const userAttributes = [
  { id: "1", name: "email", label: "Email", value: apiUser.email },
  { id: "2", name: "first_name", label: "First name", value: apiUser.first_name },
  { id: "3", name: "last_name", label: "Last name", value: apiUser.last_name },
  { id: "4", name: "locale", label: "Locale", value: "en" },
];

export function peopleRoutes(clientId: string, models: readonly string[], webUrl: () => string): Route[] {
  const user = userJson(clientId);
  const roles = [{ ...role, model_set: { ...role.model_set, models } }];
  const attributes = userAttributes.map(attributeJson);
  const known = <T>(found: T | undefined) => {
    if (found === undefined) throw notFound();
    return json(found);
  };
  const forUser = (id: string, value: unknown) => known(id === apiUser.id ? value : undefined);
  return [
    { operation: "me", method: "GET", path: "/user", answer: () => json(user) },
    {
      operation: "search_users",
      method: "GET",
      path: "/users/search",
      answer: (call) => pageOf(call, search(call, [user], searchFacts), (one) => one, webUrl()),
    },
    get("user", "/users/{user_id}", (id) => forUser(id("user_id"), user)),
    get("user_roles", "/users/{user_id}/roles", (id) => forUser(id("user_id"), roles)),
    get("user_attribute_user_values", "/users/{user_id}/attribute_values", (id) =>
      forUser(id("user_id"), userAttributes.map(attributeValueJson)),
    ),
    get("all_roles", "/roles", () => json(roles)),
    get("role", "/roles/{role_id}", (id) => known(roles.find((one) => one.id === id("role_id")))),
    get("all_permissions", "/permissions", () => json(permissions.map(permissionJson))),
    get("all_user_attributes", "/user_attributes", () => json(attributes)),
    get("user_attribute", "/user_attributes/{user_attribute_id}", (id) =>
      known(attributes.find((one) => one.id === id("user_attribute_id"))),
    ),
  ];
}

function searchFacts({ id, first_name, last_name, email, is_disabled }: ReturnType<typeof userJson>) {
  return { id, first_name, last_name, email, is_disabled };
}

function get(
  operation: string,
  path: string,
  answer: (id: (name: string) => string) => ReturnType<typeof json>,
): Route {
  return { operation, method: "GET", path, answer: (call) => answer((name) => param(call, name)) };
}

function userJson(clientId: string) {
  return {
    ...apiUser,
    can: { show: true, index: true, show_details: true, sudo: false },
    avatar_url: null,
    credentials_api3: [
      {
        can: {},
        id: "1",
        client_id: clientId,
        created_at: null,
        is_disabled: false,
        type: "api3",
        purpose: null,
      },
    ],
    group_ids: ["1"],
    role_ids: [role.id],
    home_folder_id: "1",
    personal_folder_id: "7",
    is_disabled: false,
    is_service_account: false,
    locale: "en",
    looker_versions: [] as string[],
    models_dir_validated: null,
    presumed_looker_employee: false,
    verified_looker_employee: false,
    roles_externally_managed: false,
    ui_state: null,
    url: null,
  };
}

function permissionJson([permission, parent, description]: (typeof permissions)[number]) {
  return { can: {}, permission, parent, description };
}

function attributeJson({ id, name, label }: (typeof userAttributes)[number]) {
  return {
    can: {},
    id,
    name,
    label,
    type: "string",
    default_value: null,
    is_system: true,
    is_permanent: true,
    value_is_hidden: false,
    user_can_view: true,
    user_can_edit: false,
    hidden_value_domain_whitelist: null,
  };
}

function attributeValueJson({ id, name, label, value }: (typeof userAttributes)[number]) {
  return {
    can: {},
    user_attribute_id: id,
    user_id: apiUser.id,
    name,
    label,
    value,
    rank: 1,
    source: "User Value",
    user_can_edit: false,
    value_is_hidden: false,
  };
}
