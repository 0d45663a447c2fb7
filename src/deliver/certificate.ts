export { isCertificateError } from "../core/certificate.ts";

export const PRIVATE_CA_ADVICE = "For a private CA, set NODE_EXTRA_CA_CERTS to its file.";
