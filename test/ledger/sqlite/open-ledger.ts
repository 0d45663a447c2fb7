import { join } from "node:path";
import type { ReportError } from "../../../src/core/error.ts";
import { openSqliteLedger } from "../../../src/ledger/sqlite/sqlite.ts";
import { folder } from "./folders.ts";

/** A ledger that is open, with what was told of its loss. */
export async function openLedger() {
  const directory = join(folder(), "data");
  const file = join(directory, "ledger.sqlite");
  const told: ReportError[] = [];
  // Made and closed before: all of its tables are in the file, and nothing in the log lies over them.
  await (await openSqliteLedger(directory)).close();
  const ledger = await openSqliteLedger(
    directory,
    () => undefined,
    (error) => told.push(error),
  );
  await ledger.signIn("me", "service", new Date(0));
  return { directory, file, told, ledger };
}

export type Scene = Awaited<ReturnType<typeof openLedger>>;
