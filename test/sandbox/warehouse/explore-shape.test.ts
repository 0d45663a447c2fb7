import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { detail, flights, warehouse } from "./flights.ts";

const SHARED = fileURLToPath(new URL("../../../../shared/looker/", import.meta.url));
const DOCUMENT = `${SHARED}looker-4.0-subset.oas.json`;
const CAPTURE = `${SHARED}captures/multi_results_mixed.json`;

const explores = warehouse
  .models()
  .flatMap((model) => model.explores.map((explore) => [model.name, explore.name] as const));

test("every explore that a model lists can be described, and no other", () => {
  expect(explores).toEqual([
    ["faa", "flights"],
    ["faa", "airports"],
    ["sandbox", "generated"],
    ["sandbox", "hostile"],
    ["sandbox", "broken"],
    ["sandbox", "empty"],
  ]);
  for (const [model, name] of explores) expect(warehouse.explore(model, name)?.id).toBe(`${model}::${name}`);
  expect(warehouse.explore("faa", "generated")).toBeNull();
  expect(warehouse.explore("FAA", "flights")).toBeNull();
});

test("field names are unique, and say their view", () => {
  for (const [model, name] of explores) {
    const fields = Object.values(warehouse.explore(model, name)!.fields).flat();
    expect(new Set(fields.map((field) => field.name)).size).toBe(fields.length);
    expect(fields.filter((field) => !field.name.startsWith(`${field.view}.`))).toEqual([]);
  }
});

test("a result describes its fields as the explore does", () => {
  const { fields } = warehouse.explore("faa", "flights")!;
  const described = detail({
    fields: ["flights.date_week", "flights.fuel_cost"],
    sorts: ["__UNSORTED__"],
    limit: "1",
  });
  expect(described.fields.dimensions).toMatchObject(
    fields.dimensions.filter(({ name }) => name === "flights.date_week"),
  );
  expect(described.fields.measures).toMatchObject(
    fields.measures.filter(({ name }) => name === "flights.fuel_cost"),
  );
});

describe("suggestions", () => {
  test("are a dimension's values, a joined one's too", () => {
    const origins = [...new Set(flights.map(({ origin }) => origin))].sort();
    expect(warehouse.suggestions("faa", "flights", "flights.origin")).toEqual(origins.slice(0, 100));
    expect(warehouse.suggestions("faa", "flights", "origin.state", "t")).toEqual([
      "CT",
      "MT",
      "TN",
      "TX",
      "UT",
      "VT",
    ]);
  });

  test("are none for what has no values to suggest", () => {
    expect(warehouse.suggestions("faa", "flights", "flights.count")).toEqual([]);
    expect(warehouse.suggestions("faa", "flights", "flights.unknown")).toEqual([]);
    expect(warehouse.suggestions("faa", "trains", "flights.origin")).toEqual([]);
    expect(warehouse.suggestions("sandbox", "generated", "generated.name")).toEqual([]);
  });

  test("take any term as text", () => {
    expect(warehouse.suggestions("faa", "flights", "flights.origin", "' OR 1=1 --")).toEqual([]);
  });
});

test.skipIf(!existsSync(DOCUMENT))("models and explores have the shapes of Looker's API document", () => {
  const document = JSON.parse(readFileSync(DOCUMENT, "utf8"));
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(closed(document), "looker");
  const problems = (schema: string, value: unknown) => {
    ajv.validate({ $ref: `looker#/components/schemas/${schema}` }, value);
    return (ajv.errors ?? []).map(
      (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
    );
  };
  for (const model of warehouse.models()) expect(problems("LookmlModel", model)).toEqual([]);
  for (const [model, name] of explores)
    expect(problems("LookmlModelExplore", warehouse.explore(model, name))).toEqual([]);
});

/** The document with members that no schema names refused, so that a misspelt one does not pass as an extra. */
function closed<T>(node: T): T {
  if (Array.isArray(node)) return node.map(closed) as T;
  if (typeof node !== "object" || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  // OpenAPI 3.0 allows nullable next to a $ref, where ajv knows it only next to a type.
  if ("$ref" in copy || copy.type === undefined) delete copy.nullable;
  const isObjectSchema = "properties" in copy && copy.additionalProperties === undefined;
  return (isObjectSchema ? { ...copy, additionalProperties: false } : copy) as T;
}

test.skipIf(!existsSync(CAPTURE))("json_detail has every member that a recorded Looker answer has", () => {
  const capture = JSON.parse(readFileSync(CAPTURE, "utf8"));
  const recorded = capture.response["8cb7eac25b02a30e935627fbaf4632a7"].data;
  const ours = detail({ fields: ["flights.origin"], limit: "0" });
  const missing = (theirs: object, mine: object) => Object.keys(theirs).filter((key) => !(key in mine));
  // What a dialect adds to a result is up to the dialect, and SQLite adds nothing.
  expect(missing(recorded, ours)).toEqual(["dialect_specific_metadata"]);
  expect(missing(recorded.fields.dimensions[0], ours.fields.dimensions[0]!)).toEqual([]);
});
