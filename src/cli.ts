#!/usr/bin/env node
// First, and by themselves: an older Node could not even load the rest, and neither could one that may open no files.
import "./needs-node.cjs";
import "./needs-files.cjs";

await import("./main.ts");
