import type { Warehouse } from "../../warehouse/index.ts";
import type { QueryStore } from "./store.ts";
import type { TaskBoard } from "./task/tasks.ts";

/** What running a query takes. */
export interface QueryRoom {
  queries: QueryStore;
  tasks: TaskBoard;
  warehouse: Warehouse;
  /** The address of the web side, without a trailing slash. */
  webUrl: () => string;
}
