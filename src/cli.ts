#!/usr/bin/env node
// First, and by itself: an older Node could not even load the rest.
import "./needs-node.cjs";

await import("./main.ts");
