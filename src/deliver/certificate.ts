/** Whether the code of a TLS error (Node's, from OpenSSL) says that the other side's certificate is not accepted. */
export function isCertificateError(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|ALTNAME/.test(code);
}

export const PRIVATE_CA_ADVICE = "For a private CA, set NODE_EXTRA_CA_CERTS to its file.";
