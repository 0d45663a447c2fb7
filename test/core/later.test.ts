import { expect, test } from "vitest";
import { later, loadAll } from "../../src/core/later.ts";

test("it is loaded once, when it is first needed", async () => {
  let loads = 0;
  const code = later(async () => {
    loads += 1;
    return "code";
  });
  expect(loads).toBe(0);
  expect(await Promise.all([code(), code()])).toEqual(["code", "code"]);
  expect(loads).toBe(1);
});

test("a load that failed is not kept: the next one may work", async () => {
  const full = new Error("EMFILE: too many open files");
  const tries = [full, full, null];
  const load = () => {
    const failure = tries.shift() ?? null;
    if (failure !== null) throw failure;
    return "code";
  };
  const [atOnce, async] = [later(load), later(async () => load())];
  expect(atOnce).toThrow(full);
  await expect(async()).rejects.toBe(full);
  expect(atOnce()).toBe("code");
  expect(await async()).toBe("code");
});

test("all that was declared is loaded, and what that declares in turn", async () => {
  const loaded: string[] = [];
  later(async () => {
    loaded.push("outer");
    later(() => loaded.push("inner"));
  });
  await loadAll();
  expect(loaded).toEqual(["outer", "inner"]);
  later(async () => {
    throw new Error("not there");
  });
  await expect(loadAll()).rejects.toThrow("not there");
});
