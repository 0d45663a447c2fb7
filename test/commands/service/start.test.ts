import { expect, test } from "vitest";
import { startCommand } from "../../../src/commands/service/start.ts";
import { openDesk } from "../house.ts";

test("a service that is stopped while it reads its file ends in good order, and blames nothing", async () => {
  const { config, io } = await openDesk();
  const stop = new AbortController();
  const ended = startCommand({ config, graceSeconds: 1 }, { ...io, stop: stop.signal });
  stop.abort();
  expect(await ended).toBe(0);
});
