export type { Config, Language, Loaded } from "./language.ts";
export type { LocatedProblem } from "./problems/problem.ts";
export { formatProblems } from "./problems/problem.ts";
export { readConfig } from "./read.ts";
export { jsonSchema } from "./schema/json-schema.ts";
export { reference } from "./schema/reference.ts";
export type { Store } from "./schema/store.ts";
export { loneStore } from "./yaml/lone-store.ts";
