import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Work } from "../../../src/core/model/work.ts";
import { openSqliteLedger } from "../../../src/ledger/sqlite/sqlite.ts";
import { ledgerContract } from "../contract/contract.ts";
import { folder } from "./folders.ts";

ledgerContract("SQLite", async () => {
  const directory = join(folder(), "made", "on", "demand");
  const announced: Work[] = [];
  const ledger = await openSqliteLedger(directory, (work) => announced.push(...work));
  const peer = await openSqliteLedger(directory);
  return {
    ledger,
    peer,
    announced,
    async silence(owner) {
      const database = new DatabaseSync(join(directory, "ledger.sqlite"));
      database.prepare("UPDATE owners SET beat_at = beat_at - 60000 WHERE owner = ?").run(owner);
      database.close();
    },
    async close() {
      await ledger.close();
      await peer.close();
    },
  };
});
