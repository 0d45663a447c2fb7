import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // The tests talk to real servers on loopback: on two shared cores a slow start is no failure.
    // Most of the time they wait for those servers: two files at once, also where there are but two cores.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
