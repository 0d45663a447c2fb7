"use strict";

// Loaded before anything else, also by a Node that can read none of our other files: plain JavaScript, and no TypeScript.

const NEEDED = [22, 18];

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  console.error(`lookpost needs Node ${NEEDED.join(".")} or later; this is ${process.versions.node}.`);
  process.exit(2);
}
