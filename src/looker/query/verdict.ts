import { ReportError } from "../../core/error.ts";
import { excerptOf } from "../../core/rules/redact.ts";
import { isObject, type JsonObject, objectIn, objectsIn, textIn } from "../http/loose-json.ts";

/** What a JSON body that came in place of a result, or as one, turns out to be. */
export type Verdict =
  | { readonly kind: "detail"; readonly detail: JsonObject; readonly warnings: readonly string[] }
  /** The query task itself instead of its data: some releases answer so when they are not ready. */
  | { readonly kind: "task" };

const SQL_CHARS_MAX = 300;

/**
 * Tells json_detail data from everything else that Looker answers with status 200: the task itself, a row that holds
 * `looker_error`, errors of the database. Throws ReportError for failures.
 */
export function judge(body: unknown): Verdict {
  const failure = Array.isArray(body) ? lookerError(body) : null;
  if (failure !== null) throw queryFailure(failure, null);
  if (!isObject(body)) throw senseless();
  if ("looker_error" in body) throw queryFailure(textIn(body.looker_error) ?? "Unknown error", null);
  if (!("data" in body) && !("fields" in body) && !("errors" in body)) {
    if ("status" in body || "query_id" in body) return { kind: "task" };
    throw senseless();
  }
  const entries = objectsIn(body.errors);
  const fatal = entries.find((entry) => !isWarning(entry));
  if (fatal !== undefined) throw queryFailure(wordsOf(fatal), textIn(body.sql) ?? textIn(fatal.params));
  return { kind: "detail", detail: body, warnings: entries.map(wordsOf).filter((words) => words !== "") };
}

/** A query that Looker or its database could not run, in their words. `sql`: for the person who has to find the place. */
export function queryFailure(message: string, sql: string | null): ReportError {
  if (isRefusedLimit(message)) {
    return new ReportError(`Looker refuses the row limit: ${message}`, {
      code: "invalid_query",
      advice:
        "Set a limit of 5000 or less. Without a limit, the API user needs the permission download_without_limit, and the query may have no table calculations, row totals or pivots.",
    });
  }
  if (isUnknownName(message)) {
    return new ReportError(message, {
      code: "invalid_query",
      advice: "Check the names of the model, the explore and the fields: they are case-sensitive.",
    });
  }
  const shown = sql === null ? "" : ` SQL: ${excerptOf(sql.replace(/\s+/g, " ").trim(), SQL_CHARS_MAX)}`;
  return new ReportError(message, {
    code: "database",
    advice: `Open the query in Looker and run it there; the error comes from its database.${shown}`,
  });
}

/** A query that failed without words of Looker's. `taskId`: where it is known, for the Looker admin to find it. */
export function unexplainedFailure(taskId: string | null): ReportError {
  const task = taskId === null ? "" : ` (query task ${taskId})`;
  return new ReportError(`The query failed at Looker, which gave no reason${task}.`, {
    code: "database",
    advice: "Open it in Looker and run it there to see the error.",
  });
}

function lookerError(body: readonly unknown[]): string | null {
  const row = body.find((entry) => isObject(entry) && "looker_error" in entry);
  return row === undefined ? null : (textIn(objectIn(row).looker_error) ?? "Unknown error");
}

/** Notices of development mode are among the errors, some with the level "error". */
function isWarning(entry: JsonObject): boolean {
  if (entry.fatal === true) return false;
  if (entry.fatal === false || /^(warn|warning|info|notice)$/i.test(String(entry.level ?? ""))) return true;
  return /^note:|development mode/i.test(textIn(entry.message) ?? textIn(entry.message_details) ?? "note:");
}

function wordsOf(entry: JsonObject): string {
  const message = textIn(entry.message) ?? "";
  const details = textIn(entry.message_details) ?? "";
  const place = objectIn(entry.sql_error_loc);
  const line = textIn(place.line);
  const position =
    line === null || namesLine(details, line)
      ? ""
      : ` (SQL line ${line}${textIn(place.column) === null ? "" : `, column ${place.column}`})`;
  const words = details === "" || message.includes(details) ? message : `${message} ${details}`;
  return `${words.replace(/\s+/g, " ").trim()}${position}`.trim();
}

function namesLine(text: string, line: string): boolean {
  return text.split("line ").some((rest) => rest.startsWith(line) && !/\w/.test(rest.charAt(line.length)));
}

/** What is read of a message to tell what it is about: some databases quote the whole query. */
const READ_CHARS_MAX = 4_000;

function isRefusedLimit(message: string): boolean {
  return /download_without_limit|\b(row )?limit\b.*(permission|exceed|too (large|high)|maximum|not allowed|unlimited)|unlimited|all results/i.test(
    message.slice(0, READ_CHARS_MAX),
  );
}

export function isUnknownName(message: string): boolean {
  return /\b(field|fields|dimension|measure|explore|model|view)\b.*\b(unknown|not found|not exist|doesn't exist|no longer)\b|\b(unknown|invalid|no such)\b.*\b(field|explore|model|view)\b/is.test(
    message.slice(0, READ_CHARS_MAX),
  );
}

function senseless(): ReportError {
  return new ReportError("Looker's answer is neither a result nor an error.", {
    code: "protocol",
    advice:
      "Run the report again. If this keeps happening, please report it with the Looker release (lookpost test-connection).",
  });
}
