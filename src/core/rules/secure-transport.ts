/**
 * Whether nothing leaves the machine on the way to `host`: a name or an address, IPv6 with or without brackets. Names below
 * .localhost are meant to stay inside too (RFC 6761, 6.3), but not every resolver keeps them there, and secrets depend on it.
 */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);
}

/**
 * Whether the code of a TLS error says that the other side's certificate is not accepted: one of OpenSSL's verification
 * errors as Node names them ("X509 certificate error codes" in the documentation of node:tls), or Node's own for a name
 * that is not in the certificate.
 */
export function isCertificateError(code: string): boolean {
  return /CERT|SELF_SIGNED|^UNABLE_TO_(?:GET|VERIFY|DECRYPT|DECODE)|ALTNAME|^CRL_|^HOSTNAME_MISMATCH$|^INVALID_(?:CA|PURPOSE)$|^PATH_LENGTH_EXCEEDED$/.test(
    code,
  );
}

export const PRIVATE_CA_ADVICE = "For a private CA, set NODE_EXTRA_CA_CERTS to its file.";
