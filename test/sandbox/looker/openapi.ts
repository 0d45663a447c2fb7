import { existsSync, readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

const path = new URL("../../../../shared/looker/looker-4.0-subset.oas.json", import.meta.url);

export const documentIsPresent = existsSync(path);

interface Operation {
  operationId: string;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

/** Looker's OpenAPI document, read so that a property it does not know is an error. */
export function openDocument() {
  const document = JSON.parse(readFileSync(path, "utf8")) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(translated(document) as object, "looker");
  const operations = Object.entries(document.paths).flatMap(([template, verbs]) =>
    Object.entries(verbs).map(([verb, operation]) => ({ ...operation, template, verb })),
  );
  const validator = (pointer: string): ValidateFunction => {
    const validate = ajv.getSchema(`looker#${pointer}`);
    if (validate === undefined) throw new Error(`No schema at ${pointer}`);
    return validate;
  };
  return {
    operations,
    operation: (id: string) => {
      const found = operations.find(({ operationId }) => operationId === id);
      if (found === undefined) throw new Error(`The document has no operation ${id}`);
      return found;
    },
    /** What is wrong with a JSON body, in words; empty where nothing is. */
    problems: (id: string, status: number, body: unknown): string[] => {
      const found = operations.find(({ operationId }) => operationId === id);
      if (found === undefined) return [`the document has no operation ${id}`];
      if (found.responses[status] === undefined) return [`status ${status} is not listed`];
      // An operation that answers with files lists their types for its errors as well.
      const types = Object.keys(found.responses[status].content ?? {});
      const type = types.find((one) => one === "application/json") ?? types[0] ?? "none";
      const pointer = `/paths/${escaped(found.template)}/${found.verb}/responses/${status}/content/${escaped(type)}/schema`;
      const validate = validator(pointer);
      if (validate(body)) return [];
      return (validate.errors ?? []).map(
        (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
      );
    },
  };
}

function escaped(segment: string): string {
  return encodeURIComponent(segment.replaceAll("~", "~0").replaceAll("/", "~1"));
}

/** OpenAPI 3.0's `nullable` as JSON Schema's type list; objects closed to properties that are not named. */
function translated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(translated);
  if (typeof value !== "object" || value === null) return value;
  const schema: Record<string, unknown> = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, translated(inner)]),
  );
  if (schema.nullable === true && typeof schema.type === "string") schema.type = [schema.type, "null"];
  if (schema.nullable === true && Array.isArray(schema.enum)) schema.enum = [...schema.enum, null];
  delete schema.nullable;
  // The document writes the words that an array's items may be next to the array, where they fit nothing.
  if ("items" in schema && "enum" in schema) {
    schema.items = { ...(schema.items as object), enum: schema.enum };
    delete schema.enum;
  }
  const isSchemaOfObject = typeof schema.properties === "object" && !("name" in schema && "in" in schema);
  if (isSchemaOfObject && schema.additionalProperties === undefined) schema.additionalProperties = false;
  return schema;
}
