import { ApiError } from "./errors.ts";

/** One request to the API, with its body read and its path matched. */
export interface Call {
  readonly method: string;
  /** Below the API root, with the query string cut off: `/looks/42`. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly token: string | null;
  /** Aborts when the client hangs up before it has its answer. */
  readonly gone: AbortSignal;
}

/** A `{name}` of the matched path. */
export function param(call: Call, name: string): string {
  return call.params[name] ?? "";
}

/** @throws ApiError 400 where the body is not a JSON object. */
export function jsonObject(call: Call): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(call.body);
  } catch (cause) {
    throw new ApiError(400, `Problems parsing JSON: ${cause instanceof Error ? cause.message : "not JSON"}`);
  }
  if (!isObject(value)) throw new ApiError(400, "Body should be a JSON object");
  return value;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A boolean query parameter; Looker takes `true`, `1` and their opposites. */
export function flag(call: Call, name: string): boolean | undefined {
  const text = call.query.get(name);
  if (text === null || text === "") return undefined;
  if (text === "true" || text === "1") return true;
  if (text === "false" || text === "0") return false;
  throw new ApiError(400, `Parameter '${name}' should be true or false, not '${text}'`);
}

/** A whole-number query parameter, at least `least`. */
export function wholeNumber(call: Call, name: string, least: number): number | undefined {
  const text = call.query.get(name);
  if (text === null || text === "") return undefined;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < least) {
    throw new ApiError(
      400,
      `Parameter '${name}' should be a whole number of at least ${least}, not '${text}'`,
    );
  }
  return number;
}
