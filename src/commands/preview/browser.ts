import { spawn } from "node:child_process";
import type { Io } from "../io.ts";

/** A program that is still at it after this has found a browser. */
const ANSWER_MS_MAX = 3_000;

const OPENERS: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  darwin: ["open"],
  // The empty text is the window's title: without it, a path in quotes would be taken for one.
  win32: ["cmd", "/c", "start", ""],
};

/** Shows a page in whatever browser the system names; false where there is none. */
export function openInBrowser(
  page: string,
  { env }: Io,
  platform: string = process.platform,
): Promise<boolean> {
  const [command, ...args] = OPENERS[platform] ?? ["xdg-open"];
  return new Promise((resolve) => {
    const opener = spawn(command, [...args, page], { env: { ...env }, stdio: "ignore", detached: true });
    const timer = setTimeout(() => resolve(true), ANSWER_MS_MAX);
    const end = (isOpen: boolean) => {
      clearTimeout(timer);
      resolve(isOpen);
    };
    opener.on("error", () => end(false));
    opener.on("exit", (code) => end(code === 0));
    opener.unref();
  });
}
