import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

test.each(["ARCHITECTURE.md", "docs/development/when-things-go-wrong.md"])(
  "each path in %s exists",
  (page) => {
    const text = readFileSync(join(ROOT, page), "utf8");
    const paths = [...text.matchAll(/`([a-z][a-z-]*\/[a-z0-9/.-]*)`/g)].map(([, path = ""]) => path);
    const isThere = (path: string) =>
      ["", "src"].some((under) => [path, `${path}.ts`].some((name) => existsSync(join(ROOT, under, name))));
    expect(paths.length).toBeGreaterThan(3);
    expect(paths.filter((path) => !isThere(path))).toEqual([]);
  },
);
