import { expect, test } from "vitest";
import { RequestLog } from "../../../../src/sandbox/looker/http/request-log.ts";

test("the log keeps the last ten thousand requests", () => {
  const log = new RequestLog();
  for (let number = 1; number <= 10_005; number += 1)
    log.note("GET", new URL(`http://host/${number}`), new Date(0))(200);
  expect(log.seen).toHaveLength(10_000);
  expect(log.seen[0]?.path).toBe("/6");
  expect(log.seen.at(-1)).toEqual({ method: "GET", path: "/10005", query: "", at: new Date(0), status: 200 });
});
