import type { Reply } from "./reply.ts";

export interface FieldProblem {
  field: string;
  code: string;
  message: string;
}

/** An answer that is an error: thrown where it is found, sent by the server with the route's documentation link. */
export class ApiError extends Error {
  readonly status: number;
  readonly problems: readonly FieldProblem[] | null;

  constructor(status: number, message: string, problems: readonly FieldProblem[] | null = null) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.problems = problems;
  }
}

export function notFound(): ApiError {
  return new ApiError(404, "Not found");
}

export function validationFailed(...problems: readonly FieldProblem[]): ApiError {
  return new ApiError(422, "Validation Failed", problems);
}

export function missingField(field: string): FieldProblem {
  return { field, code: "missing_field", message: "is not present" };
}

/** `pattern` is the route's own (`/looks/{look_id}`), null where no route was matched. */
export function errorReply(error: ApiError, method: string, pattern: string | null): Reply {
  const documentation_url = documentationUrl(error.status, method, pattern);
  const errors = error.problems?.map((problem) => ({ ...problem, documentation_url }));
  return {
    kind: "json",
    status: error.status,
    value: { message: error.message, ...(errors && { errors }), documentation_url },
  };
}

/** Looker links every error by version, status, verb and path, such as `.../r/err/4.0/404/get/looks/:look_id`. */
function documentationUrl(status: number, method: string, pattern: string | null): string {
  if (pattern === null) return "https://cloud.google.com/looker/docs/";
  const path = pattern.replaceAll(/\{(\w+)\}/g, ":$1");
  return `https://cloud.google.com/looker/docs/r/err/4.0/${status}/${method.toLowerCase()}${path}`;
}
