import { ReportError } from "../../core/error.ts";
import { isLoopback } from "../../core/rules/secure-transport.ts";

/** An address begins so; an id, a slug and "model::name" do not. */
const ADDRESS = /^(?:https?:\/\/)?((?=[^\s/?#]+\.[^\s/?#])[^\s/?#]+|localhost(?::\d+)?)\/\S/i;

/**
 * Refuses the address of a page of another Looker: the id in it would be taken for one of this Looker's, which is something else.
 * `baseUrl`: of the API; `url`: of the content's own page, as this Looker tells it. Anything is allowed for a Looker on this machine: it
 * is a stand-in or the end of a tunnel, and pages have other addresses. Throws ReportError `config`.
 */
export function refuseElsewhere(written: string | number, baseUrl: string, url: string): void {
  const named = ADDRESS.exec(String(written).trim())?.[1];
  const own = hostOf(url);
  if (named === undefined || own === null || isLoopback(own)) return;
  const host = hostOf(`https://${named}`);
  if (host === null || host === own || host === hostOf(baseUrl)) return;
  throw new ReportError(`This address is on ${host}, and reports come from ${own}.`, {
    code: "config",
    advice: `Open it on ${own} and take the address from there: ids differ from one Looker to the next.`,
  });
}

/** In lower case, without its port; null where there is none. */
function hostOf(url: string): string | null {
  return URL.parse(url)?.hostname ?? null;
}
