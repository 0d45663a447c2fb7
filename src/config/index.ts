export { jsonSchema } from "./json-schema.ts";
export type { Config, Language, Loaded } from "./language.ts";
export { loneStore } from "./lone-store.ts";
export type { Problem } from "./problem.ts";
export { formatProblems } from "./problem.ts";
export { readConfig } from "./read.ts";
export { reference } from "./reference.ts";
export type { Store } from "./store.ts";
