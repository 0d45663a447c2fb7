import { expect, test } from "vitest";
import { refuseElsewhere } from "../../../src/looker/connection/same-looker.ts";

const API = "https://acme.api.looker.example:19999";
const PAGE = "https://acme.looker.example/dashboards/7";

test.each([
  7,
  "7",
  "faa::delays",
  "Xk2slug",
  PAGE,
  "acme.looker.example/dashboards/7?Origin=DEN",
  "HTTPS://ACME.LOOKER.EXAMPLE:9999/prefix/dashboards/7",
  "https://acme.api.looker.example/dashboards/7",
])("%j may be of this Looker", (written) => {
  expect(() => refuseElsewhere(written, API, PAGE)).not.toThrow();
});

test.each([
  "https://other.looker.example/dashboards/7",
  "other.looker.example/looks/7",
  "https://acme.looker.example.evil.example/x/slug",
  "https://acme.looker.example@evil.example/x/slug",
  "https://looker.example/explore/faa/flights?qid=slug",
])("%s is of another", (written) => {
  expect(() => refuseElsewhere(written, API, PAGE)).toThrow(
    expect.objectContaining({
      code: "config",
      message: expect.stringMatching(
        /^This address is on \S+\.example, and reports come from acme\.looker\.example\.$/,
      ),
      advice: expect.stringContaining("ids differ"),
    }),
  );
});

test("a Looker on this machine is a stand-in, or the end of a tunnel: any address will do", () => {
  expect(() =>
    refuseElsewhere(PAGE, "http://127.0.0.1:4000", "http://127.0.0.1:4000/dashboards/7"),
  ).not.toThrow();
  // Unless it says what its own address is.
  expect(() => refuseElsewhere("https://other.example/looks/1", "http://127.0.0.1:4000", PAGE)).toThrow(
    "other.example",
  );
});
