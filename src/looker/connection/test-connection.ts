import { type ErrorCode, ReportError, toReportError } from "../../core/error.ts";
import type { Problem } from "../../core/model/problem.ts";
import { models } from "../explore/explore.ts";
import type { Looker } from "../http/client.ts";
import { type JsonObject, objectIn, objectsIn, textIn, textsIn } from "../http/loose-json.ts";

/** What a person needs to know of a connection: how far it got, and what to mend. */
export interface ConnectionReport {
  /** The address that was tried, without `/api/4.0`. */
  readonly url: string;
  /** Looker's release, such as "26.12.3"; null where the API was not reached. */
  readonly release: string | null;
  readonly user: { readonly id: string; readonly name: string; readonly email: string | null } | null;
  readonly roles: readonly string[];
  /** Sorted; empty where Looker does not let the user see its own roles. */
  readonly permissions: readonly string[];
  readonly models: readonly string[];
  /** Empty: nothing is in the way. */
  readonly problems: readonly ConnectionProblem[];
}

export interface ConnectionProblem extends Problem {
  readonly code: ErrorCode;
}

/** Permissions without which reports cannot run, and what each is for. */
const NEEDED = [
  ["access_data", "no query can run"],
  ["see_looks", "no Look can be read"],
  ["explore", "queries written in reports.yaml, and Looks with filters of their own, cannot run"],
  ["download_without_limit", "results of more than 5,000 rows may be refused"],
] as const;

/** Reaches the API, logs in and looks around. Never rejects: what fails is among the problems, with what to check. */
export async function testConnection(looker: Looker, signal: AbortSignal): Promise<ConnectionReport> {
  const empty = {
    url: looker.baseUrl,
    release: null,
    user: null,
    roles: [],
    permissions: [],
    models: [],
    problems: [],
  };
  const me = await attempt(() =>
    looker.call((sdk, options) => sdk.me("id,display_name,first_name,last_name,email", options), signal),
  );
  if (me.problem !== null) return { ...empty, problems: [await whyNoLogin(looker, me.problem, signal)] };
  const user = objectIn(me.value);
  const id = textIn(user.id);
  const [versions, roles, visible] = await Promise.all([
    attempt(() => looker.call((sdk, options) => sdk.versions("looker_release_version", options), signal)),
    attempt(() => rolesOf(looker, id, signal)),
    attempt(() => models(looker, signal)),
  ]);
  const permissions = permissionsIn(roles.value ?? []);
  const names = (visible.value ?? []).map(({ name }) => name).sort();
  return {
    url: looker.baseUrl,
    release: textIn(objectIn(versions.value).looker_release_version),
    user: { id: id ?? "?", name: nameOf(user), email: textIn(user.email) },
    roles: (roles.value ?? []).flatMap((role) => textIn(role.name) ?? []),
    permissions,
    models: names,
    problems: [
      ...[versions, visible].flatMap(({ problem }) => problem ?? []),
      ...missing(permissions),
      ...(visible.problem === null && names.length === 0 ? [NO_MODELS] : []),
    ],
  };
}

/**
 * Bad credentials are answered with 404, as is a path that does not exist. Looker gives its versions without a login: where
 * it does not, this is not a Looker API.
 */
async function whyNoLogin(
  looker: Looker,
  problem: ConnectionProblem,
  signal: AbortSignal,
): Promise<ConnectionProblem> {
  if (problem.code !== "auth") return problem;
  try {
    await looker.reach("/versions", signal);
    return problem;
  } catch (error) {
    if (!(error instanceof ReportError) || error.status === 401 || error.status === 403) return problem;
    return {
      message: `${looker.baseUrl} does not answer as a Looker API: ${error.message}`,
      advice:
        "Check host and port of looker.base_url: the API is on port 443 when hosted, 19999 when self-hosted. If they are right, check looker.client_id and looker.client_secret.",
      code: "config",
    };
  }
}

const NO_MODELS: ConnectionProblem = {
  code: "auth",
  message: "The API user sees no models.",
  advice: "Give one of its roles a model set that holds the models of the reports (Admin > Roles).",
};

interface Attempt<T> {
  readonly value: T | null;
  readonly problem: ConnectionProblem | null;
}

async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work(), problem: null };
  } catch (thrown) {
    const { code, message, advice } = toReportError(thrown);
    return { value: null, problem: { code, message, advice } };
  }
}

/** Looker lets not every user see its own roles: then nothing is said of them. */
async function rolesOf(
  looker: Looker,
  userId: string | null,
  signal: AbortSignal,
): Promise<readonly JsonObject[]> {
  if (userId === null) return [];
  const fields = "name,permission_set(all_access,permissions)";
  return objectsIn(
    await looker.call((sdk, options) => sdk.user_roles({ user_id: userId, fields }, options), signal),
  );
}

function permissionsIn(roles: readonly JsonObject[]): string[] {
  const sets = roles.map((role) => objectIn(role.permission_set));
  return [...new Set(sets.flatMap((set) => textsIn(set.permissions)))].sort();
}

/** Nothing is missed where nothing is known. */
function missing(permissions: readonly string[]): ConnectionProblem[] {
  if (permissions.length === 0) return [];
  return NEEDED.filter(([name]) => !permissions.includes(name)).map(([name, consequence]) => ({
    code: "auth",
    message: `The API user lacks the permission ${name}: ${consequence}.`,
    advice: "Add it to the permission set of one of the user's roles (Admin > Roles).",
  }));
}

function nameOf(user: JsonObject): string {
  const parts = [textIn(user.first_name), textIn(user.last_name)].filter((part) => part !== null);
  return textIn(user.display_name) ?? (parts.length > 0 ? parts.join(" ") : "(no name)");
}
