export type { Answer, QueryBody, ResultFormat, RunOptions, Warehouse } from "./contract.ts";
export { RESULT_FORMATS } from "./contract.ts";
export { openWarehouse } from "./warehouse.ts";
export { WarehouseError } from "./warehouse-error.ts";
