import { drawingFiles } from "../draw/process/files.ts";
import { childProgram } from "./child-program.ts";

/* Every program of ours that runs as a process of its own. */

export const chartProgram = childProgram({ entry: "draw/process/child", name: "chart", files: drawingFiles });

export const reportsProgram = childProgram({ entry: "app/reports-child", name: "reports" });

export const inspectProgram = childProgram({ entry: "ledger/sqlite/inspect-child", name: "inspect" });
