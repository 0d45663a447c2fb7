import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { Ajv } from "ajv";

const DOCUMENT = new URL("../../../../shared/looker/looker-4.0-subset.oas.json", import.meta.url);

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: { readonly type: string };
}

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly segments: readonly string[];
  readonly parameters: readonly Parameter[];
  /** Media types of its body; empty where it takes none. */
  readonly accepts: readonly string[];
  /** Where its JSON body's schema stands. */
  readonly bodyPointer: string;
}

export interface SentRequest {
  readonly method: string;
  /** Below `/api/4.0`, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Requests held against Looker's OpenAPI document; written apart from what the sandbox and the worker believe of it. */
export function openRequests() {
  const document = JSON.parse(readFileSync(DOCUMENT, "utf8"));
  const ajv = new Ajv({ strict: false, allErrors: true }).addSchema(writable(document) as object, "looker");
  const operations = operationsOf(document);
  return {
    operationOf: (method: string, path: string) => closest(operations, method, path)?.id ?? null,
    problems(request: SentRequest): string[] {
      const operation = closest(operations, request.method, request.path);
      if (operation === null) return ["the document has no such path and method"];
      return [
        ...queryProblems(operation, request.query),
        ...headerProblems(operation, request.headers),
        ...bodyProblems(operation, request, ajv),
      ];
    },
  };
}

function operationsOf(document: {
  paths: Record<
    string,
    Record<string, { operationId: string; parameters?: Parameter[]; requestBody?: { content: object } }>
  >;
}): Operation[] {
  return Object.entries(document.paths).flatMap(([template, verbs]) =>
    Object.entries(verbs).map(([verb, { operationId, parameters = [], requestBody }]) => ({
      id: operationId,
      method: verb.toUpperCase(),
      segments: template.split("/"),
      parameters,
      accepts: Object.keys(requestBody?.content ?? {}),
      bodyPointer: `looker#/paths/${encodeURIComponent(template.replaceAll("/", "~1"))}/${verb}/requestBody/content/application~1json/schema`,
    })),
  );
}

/** `/query_tasks/multi_results` is not the task "multi_results": the template with the fewest names is meant. */
function closest(operations: readonly Operation[], method: string, path: string): Operation | null {
  const segments = path.split("/");
  const names = (operation: Operation) => operation.segments.filter(isName).length;
  const [found] = operations
    .filter((operation) => operation.method === method && fits(operation.segments, segments))
    .sort((a, b) => names(a) - names(b));
  return found ?? null;
}

function fits(template: readonly string[], segments: readonly string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((part, index) => (isName(part) ? segments[index] !== "" : part === segments[index]))
  );
}

function isName(segment: string): boolean {
  return segment.startsWith("{");
}

function queryProblems({ parameters }: Operation, query: URLSearchParams): string[] {
  const known = parameters.filter((parameter) => parameter.in === "query");
  const given = [...query].flatMap(([name, value]) => {
    const parameter = known.find((one) => one.name === name);
    if (parameter === undefined) return [`the query parameter ${name} is not named`];
    const { type } = parameter.schema;
    const isOfType =
      type === "integer"
        ? /^-?\d+$/.test(value)
        : type === "boolean"
          ? /^(true|false)$/.test(value)
          : value !== "";
    return isOfType ? [] : [`the query parameter ${name}=${value} is no ${type}`];
  });
  const missing = known
    .filter(({ name, required }) => required === true && !query.has(name))
    .map(({ name }) => `the query parameter ${name} is required`);
  const names = [...query.keys()];
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [...given, ...missing, ...twice.map((name) => `the query parameter ${name} is given twice`)];
}

function headerProblems({ id }: Operation, { authorization, accept }: IncomingHttpHeaders): string[] {
  const isOpen = id === "login" || id === "versions";
  return [
    ...(isOpen || /^(token|Bearer) \S+$/.test(authorization ?? "") ? [] : ["no token is sent"]),
    ...(accept === undefined || /json|\*\/\*/.test(accept) ? [] : [`JSON is not accepted: ${accept}`]),
  ];
}

function bodyProblems({ id, accepts, bodyPointer }: Operation, request: SentRequest, ajv: Ajv): string[] {
  const { body, headers } = request;
  if (accepts.length === 0) return body === "" ? [] : ["a body is sent where none is taken"];
  const mediaType = headers["content-type"]?.split(";")[0] ?? "(none)";
  if (!accepts.includes(mediaType)) return [`the content type ${mediaType} is not taken`];
  if (id === "login") {
    const names = [...new URLSearchParams(body).keys()];
    return names.join() === "client_id,client_secret" ? [] : [`the form holds ${names}`];
  }
  const validate = ajv.getSchema(bodyPointer);
  if (validate === undefined) throw new Error(`No schema at ${bodyPointer}`);
  if (validate(JSON.parse(body))) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `body ${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** OpenAPI 3.0 as JSON Schema of what may be sent: nothing unknown, nothing that is read-only. */
function writable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(writable);
  if (typeof value !== "object" || value === null) return value;
  if ("readOnly" in value && value.readOnly === true) return false;
  const schema: Record<string, unknown> = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, writable(inner)]),
  );
  if (schema.nullable === true) {
    schema.type = [schema.type, "null"];
    if (Array.isArray(schema.enum)) schema.enum = [...schema.enum, null];
  }
  delete schema.nullable;
  const hasProperties = typeof schema.properties === "object" && !("in" in schema);
  if (hasProperties) schema.additionalProperties ??= false;
  return schema;
}
