import { testConnection } from "../../app/app.ts";
import { DONE, FAILED, type Io } from "../io.ts";
import { columns } from "../layout.ts";
import { withLooker } from "../reports.ts";
import type { NamesOptions } from "./names.ts";

/** `lookpost test-connection`: who the API user is and what it may do, or what to check. */
export async function testConnectionCommand(options: NamesOptions, io: Io): Promise<number> {
  return withLooker(options.config, io, async (looker) => {
    const found = await testConnection(looker, io.stop);
    if (options.json === true) {
      io.out.write(`${JSON.stringify(found)}\n`);
      return found.problems.length > 0 ? FAILED : DONE;
    }
    const user =
      found.user === null
        ? []
        : [
            [
              "API user",
              `${found.user.name} (id ${found.user.id}${found.user.email ? `, ${found.user.email}` : ""})`,
            ],
          ];
    io.out.write(
      columns([
        ["Looker", `${found.url}${found.release === null ? "" : `, release ${found.release}`}`],
        ...user,
        ...list("roles", found.roles),
        ...list("models", found.models),
        ...list("permissions", found.permissions),
      ]),
    );
    for (const { message, advice } of found.problems)
      io.err.write(`${message}\n${advice === null ? "" : `  ${advice}\n`}`);
    return found.problems.length > 0 ? FAILED : DONE;
  });
}

function list(title: string, words: readonly string[]): string[][] {
  return words.length === 0 ? [] : [[title, words.join(", ")]];
}
