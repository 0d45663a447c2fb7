import { spawn } from "node:child_process";
import type { Io } from "../io.ts";

/** A program that is still at it after this has found a browser. */
const ANSWER_MS_MAX = 3_000;

const OPENERS: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  darwin: ["open"],
  // The empty text is the window's title: without it, a path in quotes would be taken for one.
  win32: ["cmd", "/c", "start", ""],
};

/**
 * What a browser needs to know of the person's session. Not the whole environment: it has the secrets of reports.yaml, and a browser that is
 * started here keeps them for as long as it is open, where any of its own children can read them.
 */
const BROWSER_ENV =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|BROWSER|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_[A-Z_]+|DBUS_SESSION_BUS_ADDRESS|DESKTOP_SESSION|GNOME_DESKTOP_SESSION_ID|KDE_FULL_SESSION|KDE_SESSION_VERSION|WSL_DISTRO_NAME|WSL_INTEROP|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|TEMP|TMP|USERNAME|USERPROFILE|HOMEDRIVE|HOMEPATH|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES(?:\(X86\))?)$/i;

/** Shows a page in whatever browser the system names; false where there is none. */
export function openInBrowser(
  page: string,
  { env }: Io,
  platform: string = process.platform,
): Promise<boolean> {
  const [command, ...args] = OPENERS[platform] ?? ["xdg-open"];
  return new Promise((resolve) => {
    const opener = spawn(command, [...args, page], { env: browserEnv(env), stdio: "ignore", detached: true });
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

function browserEnv(env: Io["env"]): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => BROWSER_ENV.test(name)));
}
