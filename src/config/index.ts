export type { FoundFile, IncludedFiles } from "./files/sources.ts";
export type { Config, Language, Loaded } from "./language.ts";
export { loneStore } from "./lone-store.ts";
export type { LocatedProblem } from "./problems/problem.ts";
export { formatProblems } from "./problems/problem.ts";
export { readConfig } from "./read.ts";
export { jsonSchema } from "./schema/json-schema.ts";
export { reference } from "./schema/reference.ts";
export type { StoreAddress } from "./schema/store.ts";
