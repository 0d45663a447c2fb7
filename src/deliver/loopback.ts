/** Whether nothing leaves the machine on the way to `host`: a name or an address, IPv6 with or without brackets. */
export function isLoopback(host: string): boolean {
  return ["localhost", "::1", "[::1]"].includes(host) || /^127(?:\.\d{1,3}){3}$/.test(host);
}
