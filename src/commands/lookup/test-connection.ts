import { type ConnectionReport, testConnection } from "../../app/app.ts";
import { asJsonLines } from "../history/json-lines.ts";
import { DONE, FAILED, type Io, printError } from "../io.ts";
import { columns } from "../layout.ts";
import { withLooker } from "../reports.ts";
import type { NamesOptions } from "./names.ts";

/** `lookpost test-connection`: who the API user is and what it may do, or what to check. */
export async function testConnectionCommand(options: NamesOptions, io: Io): Promise<number> {
  return withLooker(options.config, io, async (looker, { redact }) => {
    const found = withoutSecrets(await testConnection(looker, io.stop), redact);
    if (options.json === true) {
      io.out.write(asJsonLines([found]));
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
    for (const problem of found.problems) printError(problem, io);
    return found.problems.length > 0 ? FAILED : DONE;
  });
}

function list(title: string, words: readonly string[]): string[][] {
  return words.length === 0 ? [] : [[title, words.join(", ")]];
}

/** An answer may repeat what it was sent. */
function withoutSecrets(found: ConnectionReport, redact: (text: string) => string): ConnectionReport {
  const problems = found.problems.map(({ message, advice, ...rest }) => {
    return { ...rest, message: redact(message), advice: advice === null ? null : redact(advice) };
  });
  return { ...found, problems };
}
