"use strict";

// Loaded before the rest, which could not even be loaded with fewer: plain JavaScript, in as few files as possible.

const { readFileSync } = require("node:fs");

/** What a built service keeps open besides for the process that draws: app/open-files.ts. */
const KEPT = /[\\/]dist$/.test(__dirname) ? 12 : 0;
/** What a service has open while it is idle, and one report and its delivery on top of that. A command opens less. */
const NEEDED = process.argv[2] === "start" ? 40 + KEPT : 28;

const allowed = openFilesMax();
if (allowed < NEEDED) {
  console.error(
    `Only ${allowed} files may be open at a time here, and lookpost needs ${NEEDED} at least.\n  Raise the limit (\`ulimit -n\`; LimitNOFILE= in systemd): 1024 is usual.`,
  );
  process.exit(2);
}

/** The soft limit of this process (proc(5)); on other systems it is not known. */
function openFilesMax() {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
