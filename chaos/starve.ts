/**
 * Loaded into the worker ahead of everything else (`node --import`): on SIGUSR2 it takes every file descriptor that the process may have,
 * and holds them for 6 s. What is closed meanwhile is taken as well.
 */
import { closeSync, openSync } from "node:fs";

const AGAIN_MS = 20;
const FOR_MS = 6_000;

process.on("SIGUSR2", () => {
  const taken: number[] = [];
  const again = setInterval(() => take(taken), AGAIN_MS);
  take(taken);
  setTimeout(() => {
    clearInterval(again);
    for (const descriptor of taken) closeSync(descriptor);
  }, FOR_MS);
});

function take(taken: number[]): void {
  for (;;) {
    try {
      taken.push(openSync("/dev/null", "r"));
    } catch {
      return;
    }
  }
}
