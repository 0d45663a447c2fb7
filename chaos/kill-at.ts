/**
 * Loaded into the worker ahead of everything else (`node --import`): ends it with SIGKILL at a named point of the pipeline,
 * `LOOKPOST_KILL_AT=before_send:3` when that is passed for the third time. The points are published by src/worker/process/crash-points.ts.
 */
import { subscribe } from "node:diagnostics_channel";

const [point, times] = (process.env.LOOKPOST_KILL_AT ?? "").split(":");
let left = Number(times ?? 1);

if (point !== undefined && point !== "") {
  subscribe("lookpost:point", (message) => {
    if ((message as { point?: unknown }).point !== point) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, "SIGKILL");
  });
}
