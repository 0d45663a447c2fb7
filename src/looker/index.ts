export { normaliseBaseUrl } from "./base-url.ts";
export { type FoundLook, fields, fieldsOfLook, looks } from "./catalogue.ts";
export { type Looker, type LookerDeps, openLooker } from "./client.ts";
export { type Connection, type LookerBlock, lookerConnection, resolveConnection } from "./connection.ts";
export type { ExploreField } from "./explore.ts";
export { type LookOptions, lookOptions, lookSource } from "./look-source.ts";
export { type QueryOptions, queryOptions, querySource } from "./query-source.ts";
export { type ConnectionReport, testConnection } from "./test-connection.ts";
