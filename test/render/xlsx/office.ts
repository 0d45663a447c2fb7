import { spawnSync } from "node:child_process";

/** LibreOffice, which reads our files as a person's own does. Only slow tests ask: to say its version takes it seconds. */
export const hasOffice = spawnSync("soffice", ["--version"]).status === 0;
