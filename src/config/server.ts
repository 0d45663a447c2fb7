import { isIP } from "node:net";
import { z } from "zod";
import type { Complaint } from "../core/complaint.ts";
import { defaulted, word } from "./word.ts";

const HOST_DEFAULT = "127.0.0.1";
const NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;

/** Where `/healthz` and `/readyz` are served. */
export interface Server {
  /** An address, IPv6 without brackets, or a name. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

const PORT = "a port is a whole number from 0 to 65535";

const port = z
  .int()
  .min(0, { error: PORT })
  .max(65_535, { error: PORT })
  .meta({ description: "TCP port; 0: any free one.", wants: "a whole number from 0 to 65535" });

const host = word(parseHost).meta({
  description: "Address to listen at; 0.0.0.0 for probes from other machines.",
});

export const server = z
  .union([port, z.strictObject({ port, host: defaulted(host, HOST_DEFAULT).optional() })])
  .meta({
    description:
      "Serves /healthz (the process is alive) and /readyz (it can take work) at this port of 127.0.0.1, or as {port: 8080, host: 0.0.0.0}. Default: nothing is served.",
    wants: "a port, as in 8080, or a mapping {port: 8080, host: 0.0.0.0}",
    examples: [8080],
  });

export function serverOf(text: z.output<typeof server> | undefined): Server | null {
  if (text === undefined) return null;
  const written = typeof text === "number" ? { port: text, host: undefined } : text;
  return { host: withoutBrackets(written.host ?? HOST_DEFAULT), port: written.port };
}

function parseHost(text: string): string | Complaint {
  if (isIP(withoutBrackets(text)) > 0 || NAME.test(text)) return text;
  return {
    message: `"${text}" is not an address to listen at`,
    advice: "Write an IP address or a name alone, as in 127.0.0.1 or 0.0.0.0; the port has a key of its own.",
  };
}

function withoutBrackets(text: string): string {
  return text.replace(/^\[(.*)\]$/, "$1");
}
