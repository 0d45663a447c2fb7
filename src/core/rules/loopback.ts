/**
 * Whether nothing leaves the machine on the way to `host`: a name or an address, IPv6 with or without brackets. Names below
 * .localhost are meant to stay inside too (RFC 6761, 6.3), but not every resolver keeps them there, and secrets depend on it.
 */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);
}
