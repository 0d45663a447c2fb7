import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type SandboxLooker, startSandboxLooker } from "./looker/index.ts";
import { type SandboxMail, startSandboxMail } from "./mail/server.ts";
import { type SandboxPage, startSandboxPage } from "./page/server.ts";
import type { SlackView } from "./page/slack/channel.ts";
import { type SandboxSlack, startSandboxSlack } from "./slack/server.ts";

export type SandboxOptions = {
  /** Ports on 127.0.0.1; 0 or absent: any free port. */
  lookerPort?: number | undefined;
  smtpPort?: number | undefined;
  slackPort?: number | undefined;
  webPort?: number | undefined;
  /** Folder for what is delivered: `mail/` and `slack/` in it. Absent: a new temporary folder. */
  outbox?: string | undefined;
  /** Draws Slack's posts on the page; without it they are shown as they came. */
  slackView?: SlackView | undefined;
  /** How long a query takes in the sandbox's Looker. */
  queryMs?: number | undefined;
  /** What the sandbox's Looker takes for now; it dates its data by it. */
  now?: (() => Date) | undefined;
};

export type Sandbox = {
  looker: SandboxLooker;
  smtp: SandboxMail;
  slack: SandboxSlack;
  /** Where a person looks at what was delivered. */
  page: { url: string };
  /** Says which data this is and how its dates were moved. */
  note: string;
  /** What a worker needs in its environment to deliver into the sandbox. */
  env: {
    LOOKER_BASE_URL: string;
    LOOKER_CLIENT_ID: string;
    LOOKER_CLIENT_SECRET: string;
    SMTP_URL: string;
    SLACK_BOT_TOKEN: string;
    SLACK_API_URL: string;
  };
  /** Absolute path of the outbox. */
  outbox: string;
  close(): Promise<void>;
};

/**
 * Starts the stand-ins for Looker, email and Slack on loopback, and the page that shows what they received.
 * Rejects with a sentence that names the server and its port where a port cannot be had; what had been started
 * is closed again.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const outbox = await openOutbox(options.outbox);
  const started: { close(): Promise<void> }[] = [];
  const close = async () => {
    await Promise.all(started.splice(0).map((server) => server.close()));
  };
  const start = async <T extends { close(): Promise<void> }>(
    name: string,
    port: number,
    starting: Promise<T>,
  ) => {
    const server = await starting.catch((error: unknown) => {
      throw portError(name, port, error);
    });
    started.push(server);
    return server;
  };
  const { lookerPort = 0, smtpPort = 0, slackPort = 0, webPort = 0, slackView, queryMs, now } = options;
  try {
    const looker = await start(
      "Looker",
      lookerPort,
      startSandboxLooker({ port: lookerPort, ...given({ queryMs, now }) }),
    );
    const smtp = await start("SMTP server", smtpPort, startSandboxMail({ port: smtpPort, outbox }));
    const slack = await start("Slack", slackPort, startSandboxSlack({ port: slackPort, outbox }));
    const pageOptions = { port: webPort, mail: smtp, slack, note: looker.note, slackView };
    const page = await start<SandboxPage>("web page", webPort, startSandboxPage(pageOptions));
    return {
      looker,
      smtp,
      slack,
      page,
      note: looker.note,
      env: environment(looker, smtp, slack),
      outbox,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openOutbox(folder: string | undefined): Promise<string> {
  if (folder === undefined) return mkdtemp(path.join(tmpdir(), "lookpost-sandbox-"));
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code;
    throw new Error(`The folder ${folder} cannot be used: ${why}. Name another with --outbox.`, {
      cause: error,
    });
  }
  return path.resolve(folder);
}

function environment(looker: SandboxLooker, smtp: SandboxMail, slack: SandboxSlack): Sandbox["env"] {
  return {
    LOOKER_BASE_URL: looker.url,
    LOOKER_CLIENT_ID: looker.clientId,
    LOOKER_CLIENT_SECRET: looker.clientSecret,
    SMTP_URL: smtp.url,
    SLACK_BOT_TOKEN: slack.token,
    SLACK_API_URL: slack.url,
  };
}

function portError(name: string, port: number, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const reason = portReasons[String(code)];
  if (reason === undefined) return error;
  const advice = "Choose another port, or 0 for any free one.";
  return new Error(`The sandbox's ${name} cannot listen on 127.0.0.1:${port}: ${reason}. ${advice}`, {
    cause: error,
  });
}

const portReasons: Record<string, string> = {
  EADDRINUSE: "another program already uses that port",
  EACCES: "this user may not use that port",
  ERR_SOCKET_BAD_PORT: "a port is a number from 0 to 65535",
};

/** The options that were given: an absent one must not override a default. */
function given(options: { queryMs: number | undefined; now: (() => Date) | undefined }) {
  return {
    ...(options.queryMs === undefined ? {} : { queryMs: options.queryMs }),
    ...(options.now === undefined ? {} : { now: options.now }),
  };
}
