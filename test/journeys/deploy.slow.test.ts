import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { findStore } from "../../src/config/schema/store.ts";

const ROOT = join(import.meta.dirname, "../..");
const UNIT = join(ROOT, "deploy/lookpost.service");
const unit = readFileSync(UNIT, "utf8");
const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;

test.skipIf(!hasSystemd)("systemd finds the unit well protected (where systemd is installed)", () => {
  const { stdout } = spawnSync("systemd-analyze", ["security", "--offline=true", "--no-pager", UNIT], {
    encoding: "utf8",
  });
  const level = /Overall exposure level for lookpost\.service: ([\d.]+) OK/.exec(stdout)?.[1];
  expect(Number(level)).toBeLessThan(3);
});

test("Node takes the flags of the unit and of the image", () => {
  const image = readFileSync(join(ROOT, "Dockerfile"), "utf8");
  for (const text of [unit, image]) {
    const flags = /node ((?:--\S+ )+)\S*dist\/cli\.js/.exec(text)?.[1]?.trim().split(" ") ?? [];
    expect(flags).toContain("--disable-sigusr1");
    expect(spawnSync(process.execPath, [...flags, "-e", "0"]).status).toBe(0);
  }
});

test("the README installs under systemd what the image has", () => {
  const [, image = ""] = readFileSync(join(ROOT, "Dockerfile"), "utf8").split(
    "WORKDIR /app\nCOPY package.json LICENSE",
  );
  const copied = [...image.matchAll(/^COPY .*?(\w+) \.\/\w+$/gm)].map(([, name]) => name);
  expect(copied).toContain("dist");
  const installed = /cp -r (.+) \/opt\/lookpost\.1\//
    .exec(readFileSync(join(ROOT, "README.md"), "utf8"))?.[1]
    ?.split(" ");
  expect(installed).toEqual(expect.arrayContaining(["package.json", ...copied]));
});

test("nothing that may fail is run ahead of the service, which restarts would repeat", () => {
  expect(unit).not.toContain("ExecStartPre");
  expect(unit).toMatch(/^RestartPreventExitStatus=2$/m);
});

test("the workers of the compose file share a Postgres that lookpost takes", () => {
  const { services } = parse(readFileSync(join(ROOT, "examples/compose/compose.yaml"), "utf8"));
  expect(services.worker.deploy.replicas).toBe(2);
  expect(services.worker.volumes).toContain("./config:/etc/lookpost:ro");
  const url = services.worker.environment.DATABASE_URL.replace("${POSTGRES_PASSWORD}", "word");
  expect(findStore(url, { LOOKPOST_STORE: "file:/data" })).toMatchObject({
    problem: null,
    store: { kind: "postgres", directory: "/data" },
  });
});
