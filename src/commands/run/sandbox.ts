import { startSandbox } from "../../app/sandbox.ts";
import { aborted, DONE, type Io } from "../io.ts";
import { columns } from "../layout.ts";

export interface SandboxOptions {
  readonly lookerPort?: number;
  readonly smtpPort?: number;
  readonly slackPort?: number;
  readonly webPort?: number;
  readonly outbox?: string;
  readonly queryMs?: number;
  readonly json?: boolean;
}

/** `lookpost sandbox`: only the three stand-in servers, until they are asked to stop. */
export async function sandboxCommand(options: SandboxOptions, io: Io): Promise<number> {
  const { json, ...ports } = options;
  const sandbox = await startSandbox(ports);
  try {
    if (json === true) {
      const { looker, smtp, slack, page, env, outbox, note } = sandbox;
      io.out.write(
        `${JSON.stringify({ looker: looker.url, smtp: smtp.url, slack: slack.url, page: page.url, outbox, note, env })}\n`,
      );
    } else {
      io.out.write(
        columns([
          ["Looker", sandbox.looker.url],
          ["SMTP", sandbox.smtp.url],
          ["Slack", sandbox.slack.url],
          ["outbox", sandbox.outbox],
          ["page", sandbox.page.url],
          ["data", sandbox.note],
        ]),
      );
      io.out.write(
        `\n${Object.entries(sandbox.env)
          .map(([name, value]) => `export ${name}=${value}\n`)
          .join("")}\nCtrl-C stops it.\n`,
      );
    }
    await aborted(io.stop);
  } finally {
    await sandbox.close();
  }
  return DONE;
}
