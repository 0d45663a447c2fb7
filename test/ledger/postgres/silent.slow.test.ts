import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { openPostgresLedger } from "../../../src/ledger/postgres/postgres.ts";

test("a server that takes the connection and says nothing is given up as unavailable", async () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const address = silent.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await expect(openPostgresLedger(`postgres://me:hunter2@127.0.0.1:${port}/x`, {})).rejects.toMatchObject({
    code: "unavailable",
    retryable: true,
    message: expect.stringMatching(/timeout/),
  });
  silent.close();
});
