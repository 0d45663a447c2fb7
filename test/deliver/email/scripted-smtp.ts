import { type AddressInfo, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A server whose every reply a test writes itself. */
export interface ScriptedSmtp {
  readonly url: string;
  /** All that clients have sent. */
  received(): string;
  /** How many connections clients have opened. */
  connections(): number;
}

/** What it answers to a line: "EHLO x", "DATA", "." once the message is there. Null: the usual; "": nothing. */
export type Script = (line: string, socket: Socket) => string | null;

const USUAL: readonly [RegExp, string][] = [
  [/^EHLO/, "250 scripted.example.com"],
  [/^DATA$/, "354 go on"],
  [/^\.$/, "250 2.0.0 taken"],
  [/^QUIT$/, "221 bye"],
];

export async function scriptedSmtp(script: Script, greeting = "220 scripted"): Promise<ScriptedSmtp> {
  let received = "";
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    if (greeting !== "") socket.write(`${greeting}\r\n`);
    let inBody = false;
    let rest = "";
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      received += chunk;
      const lines = (rest + chunk).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (inBody && line !== ".") continue;
        const answer = script(line, socket) ?? USUAL.find(([of]) => of.test(line))?.[1] ?? "250 ok";
        inBody = line === "DATA" && answer.startsWith("354");
        if (answer !== "") socket.write(`${answer}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => received,
    connections: () => sockets.length,
  };
}

/** Sends a line of an answer that never ends, every 20 ms. */
export function dribble(socket: Socket): string {
  const timer = setInterval(() => socket.write("250-more to come\r\n"), 20);
  socket.once("close", () => clearInterval(timer));
  return "";
}

/** Takes `most` connections at once, and answers the rest at EHLO or MAIL. Each message takes it a moment. */
export async function cappedServer(most: number, at: "EHLO" | "MAIL", answer: string, takesMs = 10) {
  const live = new Set<Socket>();
  const arrived: string[] = [];
  const counts = { refused: 0, most: 0, admitted: 0 };
  const smtp = await scriptedSmtp((line, socket) => {
    if (line.startsWith(at) && !live.has(socket)) {
      if (live.size >= most) {
        counts.refused += 1;
        return answer;
      }
      live.add(socket);
      counts.admitted += 1;
      counts.most = Math.max(counts.most, live.size);
      socket.once("close", () => live.delete(socket));
    }
    const recipient = /^RCPT TO:<(.*)>/.exec(line)?.[1];
    if (recipient !== undefined) arrived.push(recipient);
    if (line !== ".") return null;
    setTimeout(() => socket.write("250 taken\r\n"), takesMs);
    return "";
  });
  return { url: smtp.url, arrived, counts };
}
