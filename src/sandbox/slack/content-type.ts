import path from "node:path";

/** Slack tells a file's type by its name. */
export function contentTypeOf(filename: string): string {
  return contentTypes[path.extname(filename).toLowerCase()] ?? "application/octet-stream";
}

const contentTypes: Record<string, string> = {
  ".csv": "text/csv",
  ".gif": "image/gif",
  ".gz": "application/gzip",
  ".html": "text/html",
  ".jpg": "image/jpeg",
  ".json": "application/json",
  ".md": "text/markdown",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".txt": "text/plain",
  ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ".zip": "application/zip",
};
