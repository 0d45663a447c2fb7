import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { DAILY, openDesk } from "./desk.ts";
import { journeyWithDisks, mountDisk } from "./mount.ts";

/** About 30 MB. */
const LARGE = `{ model: sandbox, explore: generated, fields: [generated.id, generated.name, generated.amount, generated.day, generated.note], filters: { generated.rows: "400000" }, limit: -1 }`;

journeyWithDisks(
  "what would fill the disk is held back in words and tried again, what needs little goes on, and with room all arrives",
  async () => {
    const retry = "retry: { tries: 50, over: 10m }";
    const desk = await openDesk({
      reports: `  large: { schedule: "${DAILY}", query: ${LARGE}, ${retry}, deliver: [{ file: out, attach: csv }] }
  small: { schedule: "${DAILY}", look: 42, deliver: [{ email: ana@example.com, attach: csv }] }
`,
    });
    const data = join(desk.folder, "data");
    mountDisk(data, "100m");
    const filler = join(data, "filler");
    writeFileSync(filler, Buffer.alloc(88_000_000));
    await desk.promise(["large", "small"]);
    const service = desk.start();
    expect(await service.says("run waits", ({ report }) => report === "large")).toMatchObject({
      reason: expect.stringMatching(/The disk of \S+spool has \S+ MB left, and 5\.2 MB of it are kept free/),
      advice: expect.stringContaining("Make room on that disk"),
    });
    await service.says("run delivered", ({ report }) => report === "small");
    expect(await service.ready()).toMatchObject({ status: 200 });
    truncateSync(filler, 0);
    await service.says("run delivered", ({ report }) => report === "large");
  },
);
