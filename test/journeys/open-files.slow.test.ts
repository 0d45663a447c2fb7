import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { expect } from "vitest";
import { DAILY, openDesk, overdueDesk, received } from "./desk.ts";
import { FROM_SOURCE, journey, type Program, until } from "./program.ts";

/** `lookpost` where only so many files may be open at a time. */
const limitedTo = (files: number): readonly string[] => [
  "bash",
  "-c",
  `ulimit -n ${files}; exec "$@"`,
  "lookpost",
  ...FROM_SOURCE,
];

const report = (index: number) =>
  `  report-${index}: { schedule: "${DAILY}", look: 42, deliver: [{ email: to-${index}@example.com, attach: csv }] }\n`;

journey("40 reports of one minute arrive where 40 files may be open, each once", async () => {
  const reports = Array.from({ length: 40 }, (_, index) => report(index));
  const desk = await overdueDesk({ reports: reports.join(""), program: limitedTo(40) });
  const service = desk.start();
  await until(() => service.said("run delivered").length === reports.length);
  expect((await received(desk)).toSorted()).toEqual(
    reports.map((_, at) => `to-${at}@example.com`).toSorted(),
  );
  expect(service.said("run failed")).toEqual([]);
  service.kill("SIGTERM");
  expect(await service.ended).toMatchObject({ code: 0 });
});

/** A report with all that takes descriptors: a process that draws, several files, and three destinations. */
const heavy = (index: number) => `  heavy-${index}:
    schedule: "${DAILY}"
    retry: { tries: 6, over: 4m }
    sections: [{ look: 44, chart: { mark: line, x: flights.date_date, y: flights.average_delay } }]
    deliver:
      - { email: heavy-${index}@example.com, attach: [csv, xlsx] }
      - { slack: "#flight-ops", attach: csv }
      - { file: out, attach: json }
`;

journey(
  "reports with charts, files and three destinations arrive where 44 files may be open, each once",
  async () => {
    const reports = Array.from({ length: 10 }, (_, index) => heavy(index));
    const desk = await overdueDesk({ reports: reports.join(""), program: limitedTo(44) });
    const service = desk.start();
    await until(() => service.said("run delivered").length === reports.length);
    expect((await received(desk)).toSorted()).toEqual(reports.map((_, at) => `heavy-${at}@example.com`));
    expect(service.said("delivery sent")).toHaveLength(3 * reports.length);
  },
);

const WRONG = `  wrong:
    schedule: "${DAILY}"
    look: 999999
    retry: { tries: 6, over: 4m }
    deliver: [{ email: wrong@example.com }]
    on_failure: [{ email: oncall@example.com }, { slack: "#flight-ops" }]
`;

journey(
  "a moment without descriptors ends nothing: reports, notices and a reload come after it (needs prlimit)",
  async () => {
    const never = `  never: { schedule: "3 4 29 2 *", look: 42, deliver: [{ email: never@example.com }] }\n`;
    const desk = await openDesk({ reports: never });
    const service = desk.start();
    await service.says("started");
    await desk.promise(["heavy-0", "wrong"]);
    const limit = (files: number) =>
      execFileSync("prlimit", ["--pid", String(service.process.pid), `--nofile=${files}:4096`]);
    limit(openFiles(service));
    desk.write(never + heavy(0) + WRONG);
    await service.says("reports.yaml could not be read: it is tried again");
    // Enough to read the file, and to begin, and not for more.
    limit(openFiles(service) + 8);
    await service.says("reports.yaml was read again");
    limit(openFiles(service));
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    limit(1_024);
    await service.says("run delivered", ({ report }) => report === "heavy-0");
    for (const kind of ["email", "slack"])
      await service.says(
        "delivery sent",
        ({ report, destination }) => report === "wrong" && destination === kind,
      );
    expect(await received(desk)).toEqual(["heavy-0@example.com", "oncall@example.com"]);
    expect(service.said("delivery refused")).toEqual([]);
    expect(service.said("delivery sent")).toHaveLength(5);
  },
  { skip: spawnSync("prlimit", ["--version"]).status !== 0 },
);

function openFiles({ process }: Program): number {
  return readdirSync(`/proc/${process.pid}/fd`).length;
}

for (const files of [22, 24, 26, 30, 36]) {
  journey(`start says in a sentence that ${files} open files are too few, and ends`, async () => {
    const desk = await openDesk({ reports: report(0), program: limitedTo(files) });
    expect(await desk.start().ended).toEqual({
      code: 2,
      out: "",
      err: `Only ${files} files may be open at a time here, and lookpost needs 40 at least.\n  Raise the limit (\`ulimit -n\`; LimitNOFILE= in systemd): 1024 is usual.\n`,
    });
  });
}
