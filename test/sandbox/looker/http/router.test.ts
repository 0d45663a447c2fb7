import { expect, test } from "vitest";
import { empty } from "../../../../src/sandbox/looker/http/reply.ts";
import { findRoute, type Route } from "../../../../src/sandbox/looker/http/router.ts";

const routes = ["/looks/{look_id}", "/looks/search", "/looks", "/looks/{look_id}/run/{format}"].map(
  (path): Route => ({ operation: path, method: "GET", path, answer: () => empty(204) }),
);

test.each([
  ["/looks", "/looks", {}],
  ["/looks/42", "/looks/{look_id}", { look_id: "42" }],
  ["/looks/search", "/looks/search", {}],
  ["/looks/a%2Fb%20c/run/csv", "/looks/{look_id}/run/{format}", { look_id: "a/b c", format: "csv" }],
])("%s is answered by %s", (path, pattern, params) => {
  const match = findRoute(routes, "GET", path);
  expect([match?.route.path, match?.params]).toEqual([pattern, params]);
});

test.each([
  ["POST", "/looks"],
  ["GET", "/looks/"],
  ["GET", "/looks/42/run"],
  ["GET", "/look"],
])("%s %s is answered by none", (method, path) => {
  expect(findRoute(routes, method, path)).toBeNull();
});
