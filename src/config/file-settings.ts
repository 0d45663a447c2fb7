import type { Problem } from "../core/model/problem.ts";
import { noticesOf } from "./build.ts";
import type { Scope } from "./files/scope.ts";
import type { Config, Language } from "./language.ts";
import { type Parsed, parse } from "./parse.ts";
import { collectSecrets, collectUrlSecrets, type Secrets } from "./problems/secrets.ts";
import { isMapping } from "./problems/value.ts";
import { repeatedDestinations } from "./reports.ts";
import { ConnectionNeeds, linkProblems, missingForEmbed } from "./rules/needs.ts";
import { noticeEntries, noticeProblems } from "./rules/rules.ts";
import { templateProblems } from "./rules/templates.ts";
import { type BrandText, brandOf } from "./schema/brand-keys.ts";
import { keepOf, parseHeartbeat, serverOf } from "./schema/file-keys.ts";
import type { DefaultsText, FileText, Shape } from "./schema/shape.ts";
import { type FoundStore, findStore } from "./schema/store.ts";
import type { Spot } from "./yaml/spot.ts";

/** What of a configuration the main file says for all reports. */
type Content<C> = Omit<
  Config<C>,
  "file" | "files" | "reports" | "schedules" | "unset" | "notes" | "secrets" | "secretsTooShort" | "locate"
>;

export interface Settings<C> {
  /** Null where there is nothing to work with, whatever its reports are like. */
  readonly content: Content<C> | null;
  readonly defaults: DefaultsText;
  readonly brand: BrandText | undefined;
  readonly needs: ConnectionNeeds<C>;
  readonly missingForEmbed: readonly string[];
  readonly problems: readonly Problem[];
}

export interface SettingsOptions<C> {
  readonly language: Language<C>;
  readonly shape: Shape;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly unset?: "refuse" | "leave_out";
}

/** Reads and checks the main file but for its reports. */
export function readSettings<C>(scope: Scope, secrets: Secrets, options: SettingsOptions<C>): Settings<C> {
  const { language, shape, env } = options;
  const mayBeUnset = options.unset === "leave_out";
  const { value, spot: root } = scope.placed;
  const file = isMapping(value) ? value : {};
  const needs = new ConnectionNeeds(file, language, mayBeUnset ? null : env);
  const missing = mayBeUnset ? [] : missingForEmbed(file);
  const nothing = {
    content: null,
    defaults: {},
    brand: undefined,
    needs,
    missingForEmbed: missing,
    problems: [],
  };
  if (!isMapping(value)) return nothing;
  const parsed = parse(shape.file, file, root, []);
  const data = (parsed.data ?? {}) as FileText & Readonly<Record<string, unknown>>;
  collectSecrets(shape.file, file, root, [], secrets);
  const found = findStore(file.store, env);
  if (found.fromEnvironment !== null) collectUrlSecrets(found.fromEnvironment, "store", secrets);
  const defaults = data.defaults ?? {};
  const context = { language, needs, missingForEmbed: missing };
  const problems = [
    ...sharedProblems(parsed, file.defaults, data, context),
    ...storeProblems(found, root, secrets),
    ...needs.ofSources(),
  ];
  const connections = Object.keys(language.connections).filter((name) => data[name] !== undefined);
  const content = {
    store: found.store,
    keep: keepOf(data.keep),
    heartbeat: heartbeatOf(data.heartbeat),
    server: serverOf(data.server),
    fonts: data.fonts ?? [],
    brand: brandOf(data.brand),
    connections: Object.fromEntries(connections.map((name) => [name, data[name]])) as Partial<C>,
    onFailure: noticesOf(defaults.on_failure, language),
  };
  return {
    ...nothing,
    content: parsed.data !== undefined ? content : null,
    defaults,
    brand: data.brand,
    problems,
  };
}

/** What the schema and the rules find in a file without its reports. */
export function sharedProblems<C>(
  parsed: Parsed,
  writtenDefaults: unknown,
  data: Pick<FileText, "defaults">,
  context: Pick<Settings<C>, "needs" | "missingForEmbed"> & { readonly language: Language<C> },
): Problem[] {
  const ofDefaults = [
    ...defaultsProblems(writtenDefaults, data, context.needs, context.language),
    ...linkProblems(writtenDefaults, ["defaults"], context.missingForEmbed),
  ];
  // What a rule refuses, a schema may refuse as well, for a lesser reason.
  const ruled = new Set(ofDefaults.map(({ path }) => JSON.stringify(path)));
  return [...parsed.problems.filter(({ path }) => !ruled.has(JSON.stringify(path))), ...ofDefaults];
}

/** What no schema of one value can see of `defaults.on_failure`, which all reports share. */
function defaultsProblems<C>(
  written: unknown,
  { defaults }: Pick<FileText, "defaults">,
  needs: ConnectionNeeds<C>,
  language: Language<C>,
): Problem[] {
  const path = ["defaults", "on_failure"];
  const onFailure = isMapping(written) ? written.on_failure : undefined;
  return [
    ...noticeProblems(onFailure, path, language),
    ...templateProblems(onFailure, path, language, ["on_failure"]),
    ...needs.ofEntries(noticeEntries(onFailure, path)),
    ...repeatedDestinations(noticeEntries(defaults?.on_failure, path), language),
  ];
}

function storeProblems({ problem, fromEnvironment }: FoundStore, root: Spot, secrets: Secrets): Problem[] {
  const isInvalid = root.children.get("store")?.isInvalid ?? false;
  // A password that should not be there is said first: with it, what is wrong with the URL goes too.
  const isRefused = secrets.problems.some(({ path }) => path?.[0] === "store");
  if (problem === null || isInvalid || isRefused) return [];
  const path = fromEnvironment === null ? ["store"] : [];
  return [{ ...problem, path }];
}

function heartbeatOf(written: string | undefined): string | null {
  const read = written === undefined ? null : parseHeartbeat(written);
  return read !== null && "url" in read ? read.url : null;
}
