import { expect, test } from "vitest";
import { failedSocket } from "../../../src/looker/http/socket-failure.ts";

const call = { method: "GET", path: "/looks/42", host: "looker.acme.com:19999" };

test.each([
  ["SELF_SIGNED_CERT_IN_CHAIN", "looker.ca"],
  ["UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY", "looker.ca"],
  ["INVALID_CA", "looker.ca"],
  ["PATH_LENGTH_EXCEEDED", "looker.ca"],
  ["CRL_HAS_EXPIRED", "looker.ca"],
  ["CERT_HAS_EXPIRED", "renewed"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "another name"],
  ["HOSTNAME_MISMATCH", "another name"],
])("%s is the certificate, which no retry mends", (code, advice) => {
  const thrown = new Error("failed", { cause: Object.assign(new Error("tls"), { code }) });
  expect(failedSocket(call, thrown)).toMatchObject({
    code: "unavailable",
    retryable: false,
    message: `GET /looks/42: the certificate of looker.acme.com:19999 is not trusted (${code}).`,
    advice: expect.stringContaining(advice),
  });
});

test.each(["ECONNRESET", "EPROTO", "ERR_INVALID_ARG_VALUE"])("%s is not the certificate", (code) => {
  expect(failedSocket(call, Object.assign(new Error("x"), { code })).message).not.toContain("certificate");
});
