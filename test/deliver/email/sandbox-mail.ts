import { rm } from "node:fs/promises";
import { afterEach, beforeEach } from "vitest";
import { type SandboxMail, startSandboxMail } from "../../../src/sandbox/mail/server.ts";
import { scratchFolder } from "../scratch.ts";

/** The sandbox's mail server, a new one for each test of the file. */
export function sandboxMail() {
  let server: SandboxMail;
  let outbox: string;
  beforeEach(async () => {
    outbox = await scratchFolder();
    server = await startSandboxMail({ outbox });
  });
  afterEach(async () => {
    await server.close();
    await rm(outbox, { recursive: true });
  });
  return {
    url: () => server.url,
    messages: () => server.messages(),
    /** In its place one that takes only so much. */
    async limit(bytesMax: number) {
      await server.close();
      server = await startSandboxMail({ outbox, bytesMax });
    },
  };
}
