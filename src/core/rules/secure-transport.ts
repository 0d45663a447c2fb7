/**
 * Whether nothing leaves the machine on the way to `host`: a name or an address, IPv6 with or without brackets. Names below
 * .localhost are meant to stay inside too (RFC 6761, 6.3), but not every resolver keeps them there, and secrets depend on it.
 */
export function isLoopback(host: string): boolean {
  // Anything else is a name that a resolver may take for another one.
  if (!/^[\w.:[\]-]{1,253}$/.test(host)) return false;
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  if (/^localhost\.?$/i.test(bare)) return true;
  // As resolvers read addresses: 127.1 and 0x7f000001 are 127.0.0.1 (inet_aton; WHATWG URL, 3.5).
  const url = URL.parse(`http://${bare.includes(":") ? `[${bare}]` : bare}`);
  return (
    url !== null &&
    /^(?:127(?:\.\d{1,3}){3}|\[::1\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\])$/.test(url.hostname)
  );
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

/** How a new value of a secret reaches a service that runs: advice for a login that is refused. */
export const NEW_SECRET_ADVICE = `A service reads a \${file:…} again by itself; for a variable of its environment, start it again with the new value.`;
