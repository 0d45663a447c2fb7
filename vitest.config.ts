import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // The tests talk to real servers on loopback: on two shared cores a slow start is no failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
