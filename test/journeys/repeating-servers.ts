import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from "node:net";
import { createInterface } from "node:readline";
import { buffer } from "node:stream/consumers";
import { whenFinished } from "./journey.ts";

/** What a server says where it fails: every secret, in every form. */
export type Repeat = () => string;

export interface Repeating {
  readonly port: number;
  /** What it had from lookpost to show to people: mails, posts, words for the watcher. */
  readonly got: readonly string[];
}

async function listen(server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  whenFinished(() => {
    if ("closeAllConnections" in server) server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

type Kind = readonly [status: number, type: string, body: string];

/** The ways in which Looker fails, by the id of the Look: 100 and on. */
const lookFailures: readonly ((repeat: Repeat) => Kind)[] = [
  (repeat) => [500, "application/json", JSON.stringify({ message: repeat() })],
  (repeat) => [
    422,
    "application/json",
    JSON.stringify({
      message: "no",
      errors: [
        { field: "x", message: repeat() },
        { field: repeat(), code: "y" },
      ],
    }),
  ],
  (repeat) => [404, "text/plain", repeat()],
  (repeat) => [403, "text/html", `<html><title>${repeat()}</title></html>`],
  (repeat) => [403, "text/html", `<html><body><p>${repeat()}</p></body></html>`],
  (repeat) => [
    400,
    "application/json",
    JSON.stringify({ message: `${repeat()}`, documentation_url: repeat() }),
  ],
  (repeat) => [400, "application/json", `{"broken": ${repeat()}`],
  (repeat) => [200, "application/json", repeat()],
];

/** The ways in which a query fails, by the id of a Look that the sandbox has. */
const queryFailures: Readonly<Record<string, (repeat: Repeat) => Kind>> = {
  43: (repeat) => [200, "application/json", JSON.stringify([{ looker_error: repeat() }])],
  44: (repeat) => [
    200,
    "application/json",
    JSON.stringify({ errors: [{ message: repeat(), message_details: repeat() }], sql: repeat(), data: [] }),
  ],
  45: (repeat) => [400, "application/json", JSON.stringify({ message: repeat() })],
};
export const FAILING_LOOKS: readonly number[] = [
  ...lookFailures.map((_, index) => 100 + index),
  ...Object.keys(queryFailures).map(Number),
];

interface Upstream {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The sandbox's Looker behind one that takes any key, and fails for `FAILING_LOOKS`. */
export async function repeatingLooker(upstream: Upstream, repeat: Repeat): Promise<Pick<Repeating, "port">> {
  const failing = failingQueries();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { url = "" } = request;
    const sent = (await buffer(request)).toString();
    const [, look = ""] = /\/looks\/(\d+)/.exec(url) ?? [];
    const failure = lookFailures[Number(look) - 100] ?? failing.of(url);
    const [status, type, body] = failure?.(repeat) ?? (await passedOn(request, sent, upstream));
    if (failure === undefined) failing.note(url, sent, body);
    response.writeHead(status, { "content-type": type }).end(body);
  };
  return { port: await listen(createHttpServer((request, response) => void answer(request, response))) };
}

async function passedOn(request: IncomingMessage, sent: string, upstream: Upstream): Promise<Kind> {
  const { method = "GET", url = "" } = request;
  const { authorization = "", "content-type": form = "" } = request.headers;
  const key = `client_id=${upstream.clientId}&client_secret=${upstream.clientSecret}`;
  const answer = await fetch(`${upstream.url}${url}`, {
    method,
    headers: { authorization, "content-type": form },
    ...(method === "POST" ? { body: url.endsWith("/login") ? key : sent } : {}),
  });
  return [answer.status, answer.headers.get("content-type") ?? "", await answer.text()];
}

/** Follows what is to fail from the Look over its query to the query's task, of which the result is asked for. */
function failingQueries() {
  const queries = new Map<string, (repeat: Repeat) => Kind>();
  const tasks = new Map<string, (repeat: Repeat) => Kind>();
  return {
    of: (url: string) => tasks.get(/\/query_tasks\/([^/?]+)\/results/.exec(url)?.[1] ?? ""),
    note(url: string, sent: string, body: string): void {
      const ofLook = queryFailures[/\/looks\/(\d+)/.exec(url)?.[1] ?? ""];
      if (ofLook !== undefined) queries.set(String(JSON.parse(body).query_id), ofLook);
      if (!/\/query_tasks(\?|$)/.test(url)) return;
      const ofQuery = queries.get(String(JSON.parse(sent).query_id));
      if (ofQuery !== undefined) tasks.set(String(JSON.parse(body).id), ofQuery);
    },
  };
}

/** What the mail server answers a command with where it refuses, by a word in the recipient's address; `partly` takes the rest. */
const refusals: Readonly<Record<string, readonly [at: "RCPT" | "DATA" | ".", code: string]>> = {
  unknown: ["RCPT", "550"],
  later: ["RCPT", "451"],
  content: ["DATA", "554"],
  spam: [".", "554"],
  full: [".", "452"],
};
export const REFUSED_NAMES: readonly string[] = Object.keys(refusals);

/** A mail server that refuses the first login, the second sender, and recipients by their names; in one line and in several. */
export async function repeatingMailServer(repeat: Repeat): Promise<Repeating> {
  const got: string[] = [];
  let logins = 0;
  let senders = 0;
  /** The code that it refuses this command with; null: it takes it. */
  const refused = (word: string, recipient: string): string | null => {
    if (word === "AUTH") logins += 1;
    if (word === "MAIL") senders += 1;
    if (word === "AUTH" && logins === 1) return "535";
    if (word === "MAIL" && senders === 2) return "550";
    const [at, code] = refusals[recipient] ?? [];
    return at === word && code !== undefined ? code : null;
  };
  const converse = (socket: Socket) => {
    let recipient = "";
    let letter: string | null = null;
    const answer = (word: string) => {
      const code = refused(word, recipient);
      socket.write(
        code === null ? (TAKEN[word] ?? "250 ok\r\n") : `${code}-${repeat()}\r\n${code} ${repeat()}\r\n`,
      );
      return code === null;
    };
    const take = (line: string) => {
      if (letter !== null && line !== ".") {
        letter += `${line}\r\n`;
        return;
      }
      const word = letter === null ? line.slice(0, 4).toUpperCase() : ".";
      if (letter !== null) got.push(letter);
      letter = null;
      recipient = /^RCPT TO:<([^@]*)@/i.exec(line)?.[1] ?? recipient;
      if (answer(word) && word === "DATA") letter = "";
      if (word === "QUIT") socket.end();
    };
    socket.on("error", () => undefined);
    socket.write("220 hi\r\n");
    createInterface(socket).on("line", take);
  };
  return { port: await listen(createTcpServer(converse)), got };
}

const TAKEN: Readonly<Record<string, string>> = {
  EHLO: "250-hi\r\n250-SIZE 50000000\r\n250 AUTH PLAIN LOGIN\r\n",
  AUTH: "235 ok\r\n",
  DATA: "354 go on\r\n",
};

/** The ways in which Slack fails to post, by the channel's id. */
const postFailures: Readonly<Record<string, (repeat: Repeat) => Kind>> = {
  C0000000BLK: (repeat) => [
    200,
    "application/json",
    JSON.stringify({
      ok: false,
      error: "invalid_blocks",
      errors: [repeat()],
      response_metadata: { messages: [repeat()], warnings: [repeat()] },
    }),
  ],
  C0000000ERR: (repeat) => [200, "application/json", JSON.stringify({ ok: false, error: repeat() })],
  C0000000SCO: (repeat) => [
    200,
    "application/json",
    JSON.stringify({ ok: false, error: "missing_scope", needed: repeat(), provided: repeat() }),
  ],
  C0000000TXT: (repeat) => [200, "text/plain", repeat()],
  C0000000PGE: (repeat) => [
    403,
    "text/html",
    `<html><title>${repeat()}</title><body>${repeat()}</body></html>`,
  ],
  C0000000BAD: (repeat) => [500, "text/plain", repeat()],
};
export const FAILING_CHANNELS: readonly string[] = Object.keys(postFailures);

/** A Slack that posts to no channel of `FAILING_CHANNELS`, and fails at all but posts. */
export async function repeatingSlack(repeat: Repeat): Promise<Repeating> {
  const got: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const fields = new URLSearchParams((await buffer(request)).toString());
    const failure = postFailures[fields.get("channel") ?? ""];
    const isPost = request.url?.endsWith("chat.postMessage") ?? false;
    if (isPost) got.push(fields.get("blocks") ?? "", fields.get("text") ?? "");
    const [status, type, body]: Kind =
      failure?.(repeat) ??
      (isPost
        ? [
            200,
            "application/json",
            JSON.stringify({ ok: true, channel: "C0000000TOL", ts: "1764576000.000100" }),
          ]
        : [200, "application/json", JSON.stringify({ ok: false, error: repeat() })]);
    response.writeHead(status, { "content-type": type }).end(body);
  };
  const server = createHttpServer((request, response) => void answer(request, response));
  return { port: await listen(server), got };
}

/** One that watches the service, and finds fault with each call. */
export async function repeatingWatcher(repeat: Repeat): Promise<Repeating> {
  const got: string[] = [];
  const server = createHttpServer((request, response) => {
    buffer(request).then((body) => got.push(body.toString()));
    response.writeHead(500, { "content-type": "text/plain" }).end(repeat());
  });
  return { port: await listen(server), got };
}
