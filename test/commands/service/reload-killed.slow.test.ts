import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { AppConfig } from "../../../src/app/app.ts";
import { watchReports } from "../../../src/commands/service/reload.ts";
import type { ReportError } from "../../../src/core/error.ts";

const TEXT = `version: 1
looker: { base_url: "http://127.0.0.1:9" }
email: { smtp: "smtp://127.0.0.1:9", from: reports@example.com }
reports:
  weekly: { title: Whole, schedule: "0 8 * * mon", look: 42, deliver: [{ email: ops@example.com }] }
`;

test.skipIf(process.platform !== "linux")(
  "a reading whose process is killed is said to be tried again, and is (Linux alone: by /proc)",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "lookpost-reload-"));
    const file = join(folder, "reports.yaml");
    writeFileSync(file, TEXT);
    const { promise, resolve, reject } = Promise.withResolvers<AppConfig>();
    const unread: ReportError[] = [];
    const end = watchReports(
      { file, stamp: "another", files: {}, includes: { patterns: [], stamp: "" } },
      {},
      {
        good: async (config) => resolve(config),
        bad: reject,
        trouble: reject,
        missing: reject,
        unread: (error) => void unread.push(error),
      },
    );
    onTestFinished(() => {
      end();
      rmSync(folder, { recursive: true });
    });
    await expect.poll(readers, { interval: 5 }).toHaveLength(1);
    const [pid = 0] = readers();
    // What the file may refer to is sent to it: its environment has nothing of ours.
    expect(readFileSync(`/proc/${pid}/environ`, "utf8")).not.toContain("PATH=");
    process.kill(pid, "SIGKILL");
    expect((await promise).reports[0]?.title).toBe("Whole");
    expect(unread).toMatchObject([
      { code: "local", retryable: true, message: expect.stringMatching(/SIGKILL/) },
    ]);
  },
);

/** Processes of this one that read a reports.yaml. */
function readers(): number[] {
  const ids = readdirSync("/proc/self/task").flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, "utf8").split(" ").filter(Boolean),
  );
  return ids.filter((pid) => /reports-child/.test(commandLine(pid))).map(Number);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
