import { ReportError } from "../../core/error.ts";
import { count } from "../../core/rules/quantity.ts";
import { isLoopback } from "../../core/rules/secure-transport.ts";

/** Where Looker's pages and its API begin: what follows is not part of the address. Anything before it is a path prefix. */
const PAGES: ReadonlySet<string> = new Set([
  "account",
  "admin",
  "api-docs",
  "boards",
  "browse",
  "dashboards",
  "dashboards-next",
  "embed",
  "explore",
  "extensions",
  "folders",
  "login",
  "looks",
  "merge",
  "projects",
  "queries",
  "spaces",
  "sql",
  "x",
]);

/** A user, and a password that may hold a slash, before the host: an @ before any path, or after a colon that no port follows. */
const LOGIN = /^[^/?#]*@|^[^/?#:[]*:(?!\d*[/?#]).*@/;

/** Far beyond what is ever pasted. URL itself takes long for what is longer by much. */
const CHARS_MAX = 10_000;

const WEB_PORT_SELF_HOSTED = "9999";
const API_PORT_SELF_HOSTED = "19999";

/**
 * The address of Looker's API without `/api/4.0` and without a trailing slash, from any form in which people paste it:
 * without a scheme, with a port, `/api/4.0`, the page they are looking at. A path prefix is kept; `port` goes before the
 * text's own. Throws ReportError `config`; its message never repeats what may be a password.
 */
export function normaliseBaseUrl(text: string, port?: number): string {
  const url = parse(text.trim().replace(/^(["'`])(.*)\1$/, "$2"));
  if (port !== undefined) url.port = String(port);
  else if (url.port === WEB_PORT_SELF_HOSTED && !isLoopback(url.hostname)) url.port = API_PORT_SELF_HOSTED;
  return url.origin + prefix(url.pathname);
}

/**
 * Where people open Looker, without a trailing slash: told by a link that Looker itself gives for sharing, or else by the
 * API's address, which may have a port of its own.
 */
export function webUrl(baseUrl: string, shareUrl: string | null = null): string {
  if (shareUrl !== null && URL.canParse(shareUrl)) {
    const shared = new URL(shareUrl);
    return shared.origin + prefix(shared.pathname);
  }
  const url = new URL(baseUrl);
  if (url.port === API_PORT_SELF_HOSTED && !isLoopback(url.hostname)) url.port = "";
  return url.origin + prefix(url.pathname);
}

/** Whether the API key and every result would cross a network unencrypted. `baseUrl`: as `normaliseBaseUrl` gives it. */
export function isInClear(baseUrl: string): boolean {
  const { protocol, hostname } = new URL(baseUrl);
  return protocol === "http:" && !isLoopback(hostname);
}

export function inClear(): ReportError {
  return new ReportError(
    "looker.base_url is http://: the API key and the data would cross the network in the clear.",
    {
      code: "config",
      advice:
        "Write https://. Where Looker has no TLS on a private network, write insecure: true below looker.",
    },
  );
}

function parse(text: string): URL {
  if (text === "") throw hopeless("looker.base_url is empty.");
  if (text.length > CHARS_MAX)
    throw hopeless(`looker.base_url has more than ${count(CHARS_MAX)} characters.`);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== "http" && scheme !== "https") {
    throw hopeless(`looker.base_url begins with "${scheme}://", which is not a web address.`);
  }
  const bare = scheme === undefined ? text.replace(/^\/\//, "") : text;
  if (/^(https?:\/\/)?\//i.test(bare)) throw hopeless("looker.base_url is a path without a host.");
  if (scheme === undefined && /^(https?[:/]|[a-z]+:\/)/i.test(bare)) {
    throw hopeless("looker.base_url begins with a scheme that is not spelled out.");
  }
  if (LOGIN.test(bare.replace(/^https?:\/\//i, ""))) {
    throw new ReportError("looker.base_url holds a user name or a password before the host.", {
      code: "config",
      advice:
        "Remove everything up to the @, and give the API key as looker.client_id and looker.client_secret.",
    });
  }
  const url = tryParse(scheme === undefined ? `https://${bare}` : bare);
  if (scheme === undefined && isLoopback(url.hostname)) url.protocol = "http:";
  return url;
}

function tryParse(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^(\[[0-9a-f:.]+\]|[\p{L}\p{N}._-]+)$/iu.test(url.hostname)) {
    // What is before an @ may be a password.
    const quoted = address.includes("@") ? "" : ` "${address}"`;
    throw hopeless(`looker.base_url${quoted} is not an address.`);
  }
  return url;
}

function prefix(pathname: string): string {
  const segments = pathname.split("/").filter((segment) => segment !== "");
  const page = segments.findIndex((segment, index) => isPage(segment, segments[index + 1]));
  const kept = page === -1 ? segments : segments.slice(0, page);
  return kept.map((segment) => `/${segment}`).join("");
}

/** A gateway may well have "api" in the middle of its prefix; Looker's own is the last word, or has a version after it. */
function isPage(segment: string, next: string | undefined): boolean {
  if (segment.toLowerCase() === "api") return next === undefined || /^\d+\.\d+$/.test(next);
  return PAGES.has(segment.toLowerCase());
}

function hopeless(message: string): ReportError {
  return new ReportError(message, {
    code: "config",
    advice:
      "Give the address of Looker's API, such as https://acme.looker.com (hosted) or https://looker.acme.com:19999 (self-hosted).",
  });
}
