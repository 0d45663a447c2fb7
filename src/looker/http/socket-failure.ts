import { ReportError } from "../../core/error.ts";
import { duration } from "../../core/rules/quantity.ts";
import { isCertificateError } from "../../core/rules/secure-transport.ts";
import { shortageOf } from "../../core/shortage.ts";
import type { Call } from "./failure.ts";

/** A request that had no answer, or lost it midway: which of the many ways, and what to check. */
export function failedSocket(call: Call, thrown: unknown): ReportError {
  const shortage = shortageOf(thrown);
  if (shortage !== null) {
    const { what, advice } = shortage;
    const message = `${call.method} ${call.path}: ${what} (${shortage.code}).`;
    // Says nothing of Looker, which was never asked.
    return new ReportError(message, { code: "local", advice, retryable: true, cause: thrown });
  }
  const code = codeIn(thrown);
  const { happened, advice } = explain(code, call.host);
  return new ReportError(`${call.method} ${call.path}: ${happened}`, {
    code: "unavailable",
    // A wrong name or certificate stays wrong; everything else may pass.
    retryable: !isCertificateError(code) && code !== "ENOTFOUND",
    advice,
    cause: thrown,
  });
}

export function timedOut(call: Call, timeoutMs: number): ReportError {
  return new ReportError(
    `${call.method} ${call.path}: ${call.host} did not answer within ${duration(timeoutMs)}.`,
    {
      code: "unavailable",
      advice:
        "Check that the host and port of looker.base_url are reachable from here, or raise looker.timeout.",
    },
  );
}

export function stalled(call: Call, idleMs: number): ReportError {
  return new ReportError(
    `${call.method} ${call.path}: the result stopped coming in for ${duration(idleMs)}.`,
    {
      code: "unavailable",
      advice: "Looker or the network between is stuck. If this keeps happening, ask the Looker admin.",
    },
  );
}

function explain(code: string, host: string): { happened: string; advice: string } {
  if (isCertificateError(code)) {
    return {
      happened: `the certificate of ${host} is not trusted (${code}).`,
      advice: certificateAdvice(code),
    };
  }
  const reachable =
    "Check the host and port of looker.base_url: the API is on port 443 when hosted, 19999 when self-hosted.";
  const known: Record<string, { happened: string; advice: string }> = {
    ENOTFOUND: {
      happened: `the host of ${host} is not known (ENOTFOUND).`,
      advice: "Check the spelling of looker.base_url.",
    },
    EAI_AGAIN: {
      happened: `the name server does not answer for ${host} (EAI_AGAIN).`,
      advice: "Check the DNS of this machine.",
    },
    ECONNREFUSED: { happened: `nothing listens on ${host} (ECONNREFUSED).`, advice: reachable },
    ETIMEDOUT: {
      happened: `${host} cannot be reached (ETIMEDOUT).`,
      advice: `${reachable} A firewall may be in the way.`,
    },
    EHOSTUNREACH: {
      happened: `${host} cannot be reached (EHOSTUNREACH).`,
      advice: "Check the network of this machine.",
    },
    ENETUNREACH: {
      happened: `${host} cannot be reached (ENETUNREACH).`,
      advice: "Check the network of this machine.",
    },
    EPROTO: {
      happened: `${host} does not speak TLS as expected (EPROTO).`,
      advice: "Check whether looker.base_url needs http:// or another port.",
    },
    HPE_INVALID_CONSTANT: {
      happened: `${host} does not speak HTTP.`,
      advice: "Check whether looker.base_url needs https:// or another port.",
    },
  };
  return (
    known[code] ?? {
      happened: `${host} closed the connection${code === "" ? "" : ` (${code})`}.`,
      advice: "Looker or the network between dropped it. If this keeps happening, ask the Looker admin.",
    }
  );
}

function certificateAdvice(code: string): string {
  if (code.includes("ALTNAME") || code === "HOSTNAME_MISMATCH") {
    return "The certificate is for another name: set looker.base_url to the name on it.";
  }
  if (code === "CERT_HAS_EXPIRED") return "The certificate has expired: it has to be renewed at Looker.";
  return "If Looker's certificate is signed by an authority of your own, set looker.ca to that authority's PEM file.";
}

/** The first code along the chain of causes; a failed try of several addresses keeps the first one's. */
function codeIn(thrown: unknown): string {
  let current = thrown;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if ("code" in current && typeof current.code === "string") return current.code;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return "";
}
