export type { Answer, Problem, QueryBody, ResultFormat, RunOptions, Warehouse } from "./contract.ts";
export { RESULT_FORMATS } from "./contract.ts";
export type { LookmlModel, LookmlModelExplore, LookmlModelExploreField } from "./lookml.ts";
export { openWarehouse } from "./warehouse.ts";
export { WarehouseError } from "./warehouse-error.ts";
