import { expect, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import { explores, fields, fieldsOfLook, looks } from "../../../src/looker/explore/catalogue.ts";
import { failureOf, openedLooker, openHouse, sendJson, tinyServer } from "../house.ts";

const never = new AbortController().signal;

test("Looks are listed by title, without those in the trash or out of sight", async () => {
  const { looker, sandbox, calls } = await openHouse();
  const all = await looks(looker, null, never);
  expect(all.map(({ title }) => title)).toEqual(
    all.map(({ title }) => title).sort((a, b) => a.localeCompare(b, "en")),
  );
  expect(all.find(({ id }) => id === "42")).toMatchObject({
    title: "Weekly delays by origin airport",
    model: "faa",
    url: `${sandbox.url}/looks/42`,
  });
  expect(all.map(({ id }) => id)).not.toEqual(expect.arrayContaining(["90"]));
  expect(all.map(({ id }) => id)).not.toEqual(expect.arrayContaining(["91"]));
  expect(calls()).toEqual(["GET /looks"]);
});

test("Looks are found by words of their title, their id or their model, in any case", async () => {
  const { looker } = await openHouse();
  expect((await looks(looker, "DELAY BY DAY", never)).map(({ id }) => id)).toEqual(["44"]);
  expect((await looks(looker, "42", never)).map(({ id }) => id)).toEqual(["42"]);
  expect((await looks(looker, "sandbox", never)).map(({ id }) => id)).toEqual(
    expect.arrayContaining(["80", "81"]),
  );
  expect(await looks(looker, "100%", never)).toEqual([]);
});

test("the fields of an explore, and of a Look's", async () => {
  const { looker } = await openHouse();
  const known = await fields(looker, { model: "faa", explore: "flights" }, never);
  expect(known.find(({ name }) => name === "flights.origin")).toMatchObject({
    kind: "dimension",
    type: "string",
  });
  expect(known.find(({ name }) => name === "flights.count")).toMatchObject({
    kind: "measure",
    label: expect.stringContaining("Count"),
  });
  expect(await fieldsOfLook(looker, 42, never)).toEqual(known);
});

test("the explores of a model, or of all; what is hidden says so", async () => {
  const { looker } = await openHouse();
  const ofOne = await explores(looker, "faa", never);
  expect(ofOne.map(({ name }) => name)).toContain("flights");
  expect(new Set(ofOne.map(({ model }) => model))).toEqual(new Set(["faa"]));
  expect((await explores(looker, null, never)).length).toBeGreaterThan(ofOne.length);
  expect(await failureOf(explores(looker, "FAA", never))).toMatchObject({
    code: "not_found",
    message: expect.stringContaining('Did you mean "faa"'),
  });
  const server = await tinyServer((incoming, response) => {
    if (incoming.url.includes("/explores/")) {
      sendJson(response, { fields: { dimensions: [{ name: "v.a", hidden: true }, { name: "v.b" }] } });
      return;
    }
    sendJson(response, [{ name: "m", explores: [{ name: "e", hidden: true }, null, {}] }, {}]);
  });
  const other = openedLooker(server.url);
  expect(await explores(other, null, never)).toEqual([
    { model: "m", name: "e", label: "e", description: null, isHidden: true },
  ]);
  const known = await fields(other, { model: "m", explore: "e" }, never);
  expect(known.map(({ isHidden }) => isHidden)).toEqual([true, false]);
});

test("an explore's fields are asked for once in a while, but again after a failure", async () => {
  const { looker, sandbox, clock, calls } = await openHouse();
  const ask = () => fields(looker, { model: "faa", explore: "flights" }, never);
  sandbox.faults.add({ kind: "status", status: 500, on: "lookml_model_explore" });
  await failureOf(ask());
  await Promise.all([ask(), ask()]);
  expect(calls()).toHaveLength(2);
  await clock.sleep(400_000);
  await ask();
  expect(calls()).toHaveLength(3);
});

test("a caller that stops waiting for an explore's fields leaves the others their answer", async () => {
  const asked = Promise.withResolvers<() => void>();
  const server = await tinyServer(({ url }, response) => {
    if (!url.includes("/lookml_models/")) return;
    asked.resolve(() => sendJson(response, { fields: { measures: [{ name: "v.count" }] } }));
  });
  const looker = openedLooker(server.url);
  const ask = (signal: AbortSignal) => fields(looker, { model: "m", explore: "v" }, signal);
  const controller = new AbortController();
  const first = failureOf(ask(controller.signal));
  const others = Promise.all([ask(never), ask(never)]);
  const answer = await asked.promise;
  const reason = new ReportError("The worker is stopping.", { code: "cancelled" });
  controller.abort(reason);
  expect(await first).toBe(reason);
  answer();
  expect((await others).map((known) => known.map(({ name }) => name))).toEqual([["v.count"], ["v.count"]]);
  expect(await failureOf(ask(controller.signal))).toBe(reason);
  expect(server.seen.filter((call) => call.includes("/lookml_models/"))).toHaveLength(1);
});

test("unknown models and explores are told with the nearest", async () => {
  const { looker } = await openHouse();
  expect(await failureOf(fields(looker, { model: "FAA", explore: "flights" }, never))).toMatchObject({
    code: "not_found",
    message: expect.stringContaining('Did you mean "faa"'),
  });
  expect(await failureOf(fields(looker, { model: "faa", explore: "fligths" }, never))).toMatchObject({
    message: expect.stringContaining('Did you mean "flights"'),
  });
});
