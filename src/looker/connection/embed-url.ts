import { ReportError } from "../../core/error.ts";
import { DASHBOARD_URL } from "../dashboard/id.ts";
import type { Looker } from "../http/client.ts";
import { retry } from "../http/retry.ts";
import { LOOK_URL } from "../look/id.ts";
import { readQuery, SHARE_URL } from "../query/read.ts";
import type { Embed } from "./connection.ts";

/**
 * How many embed users there are. Looker ends a user's session when the same user opens another
 * (EmbedSsoParams.external_user_id): recipients who come one after the other are different users.
 */
const USERS_MAX = 20;
const EXPLORE_PATH = /\/(?:embed\/)?explore\/([^/]+)\/([^/]+)\/?$/i;

const opened = new WeakMap<Looker, number>();

/**
 * An address that opens a page of Looker's without a login there, once and within minutes: so each click needs one of its own.
 * It is a credential. `targetUrl`: the page of a Look, a dashboard, an explore, or a query's share link. Rejects with ReportError:
 * `config` for other pages, `auth` where embedding is not set up.
 */
export async function embedUrl(
  looker: Looker,
  targetUrl: string,
  embed: Embed,
  signal: AbortSignal,
): Promise<string> {
  const target = await embedPage(looker, targetUrl, signal);
  const body = {
    target_url: target,
    session_length: Math.round(embed.sessionMs / 1000),
    force_logout_login: true,
    external_user_id: `${embed.user}-${nextUser(looker)}`,
    ...(embed.models.length > 0 && { models: [...embed.models], permissions: [...embed.permissions] }),
    ...(embed.groupIds.length > 0 && { group_ids: [...embed.groupIds] }),
  };
  const answer = await retry(looker, signal, () =>
    looker.call((sdk, options) => sdk.create_sso_embed_url(body, options), signal),
  ).catch((error: unknown) => {
    throw notAllowed(error);
  });
  if (typeof answer.url === "string" && URL.canParse(answer.url)) return answer.url;
  throw new ReportError("Looker signed an embed session without giving its address.", {
    code: "protocol",
    advice: "Try again. If this keeps happening, check whether a proxy changes Looker's answers.",
  });
}

/**
 * The page as it is embedded: `/embed/` before its path, which is what "Get embed URL" in Looker gives and what the description of
 * create_sso_embed_url advises to sign. Throws ReportError `config` for a page that cannot be.
 */
async function embedPage(looker: Looker, targetUrl: string, signal: AbortSignal): Promise<string> {
  const url = URL.canParse(targetUrl) ? new URL(targetUrl) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw notEmbedded(targetUrl);
  const prefix = new URL(looker.webUrl).pathname.replace(/\/$/, "");
  const base = `${url.origin}${url.pathname.startsWith(`${prefix}/`) ? prefix : ""}/embed`;
  const slug = SHARE_URL.exec(targetUrl)?.[1];
  if (slug !== undefined) {
    // A share link leads on to the explore, which an embed session does not follow.
    const { model, view } = (await readQuery(looker, slug, signal)).body;
    return `${base}/explore/${encodeURIComponent(model)}/${encodeURIComponent(view)}?qid=${slug}`;
  }
  const look = LOOK_URL.exec(targetUrl)?.[1];
  if (look !== undefined) return `${base}/looks/${look}${url.search}`;
  const dashboard = DASHBOARD_URL.exec(targetUrl)?.[1];
  if (dashboard !== undefined) return `${base}/dashboards/${dashboard}${url.search}`;
  const [, model, explore] = EXPLORE_PATH.exec(url.pathname) ?? [];
  if (model !== undefined) return `${base}/explore/${model}/${explore}${url.search}`;
  throw notEmbedded(targetUrl);
}

/** In turn; from anywhere at first, since other workers count for themselves. */
function nextUser(looker: Looker): number {
  const last = opened.get(looker) ?? Math.floor(looker.random() * USERS_MAX);
  const next = (last % USERS_MAX) + 1;
  opened.set(looker, next);
  return next;
}

function notEmbedded(targetUrl: string): ReportError {
  return new ReportError(`${targetUrl} is not a page of Looker's that can be embedded.`, {
    code: "config",
    advice: "Looks, dashboards and explores can.",
  });
}

/** Looker says 403 or 404 where embedding is off, is not part of the edition, or the API user may not sign sessions. */
function notAllowed(error: unknown): unknown {
  if (!(error instanceof ReportError) || (error.status !== 403 && error.status !== 404)) return error;
  return new ReportError(`Looker does not sign embed sessions: ${error.message}`, {
    code: "auth",
    status: error.status,
    advice:
      "Have the Looker admin enable signed embedding (Admin > Embed) and let the API user sign; or write link: looker.",
    cause: error,
  });
}
