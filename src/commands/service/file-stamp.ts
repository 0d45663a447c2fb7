import { stat } from "node:fs/promises";

/** What tells one state of a file from another, by the file system alone; "" while there is none. */
export async function stampOf(file: string): Promise<string> {
  return stat(file).then(
    ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
    () => "",
  );
}
