import { readdirSync, readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { chartProgram } from "../../../src/app/programs.ts";
import { chartProcess } from "../../../src/draw/process/process.ts";

test.skipIf(process.platform !== "linux")(
  "the chart process has no secrets in its environment (Linux alone: by /proc)",
  async () => {
    process.env.SLACK_BOT_TOKEN = "xoxb-not-for-the-chart-process";
    onTestFinished(() => {
      delete process.env.SLACK_BOT_TOKEN;
    });
    const before = children();
    await chartProcess(chartProgram.start, []).ask({ kind: "svg", svg: SVG, density: 1 });
    const started = children().filter((pid) => !before.includes(pid));
    expect(started).toHaveLength(1);
    const names = readFileSync(`/proc/${started[0]}/environ`, "utf8").split("\0").filter(Boolean);
    expect(names.map((entry) => entry.split("=")[0]).toSorted()).toEqual([
      "NODE_CHANNEL_FD",
      "NODE_CHANNEL_SERIALIZATION_MODE",
      // From the source alone.
      "NODE_COMPILE_CACHE",
      "TZ",
    ]);
  },
);

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>';

function children(): string[] {
  return readdirSync("/proc/self/task").flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, "utf8").split(" ").filter(Boolean),
  );
}
