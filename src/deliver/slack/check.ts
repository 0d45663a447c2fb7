import type { WebClient } from "@slack/web-api";
import type { Problem } from "../../core/model/problem.ts";
import { flag, list, optional, shape, text } from "./answer.ts";
import { call } from "./client.ts";
import type { Directory, DirectoryTerms } from "./directory.ts";
import type { SlackOptions } from "./options.ts";
import { failureOf } from "./outcome.ts";

/** Whether Slack answers and takes the token. */
export async function checkToken(client: WebClient): Promise<Problem[]> {
  try {
    await call(client, "auth.test", {}, whoAmI);
    return [];
  } catch (thrown) {
    return [{ ...found(failureOf(thrown, false, "the token")), path: [] }];
  }
}

/** What can be known without posting: that the token is good, what it may do, that the place is there and lets the bot in. */
export async function checkSlack(
  client: WebClient,
  directory: Directory,
  options: SlackOptions,
  terms: DirectoryTerms,
): Promise<Problem[]> {
  const path = options.channel === null ? ["user"] : [];
  try {
    const bot = await call(client, "auth.test", {}, whoAmI);
    const conversation = await directory.find(options, terms);
    const missing = scopeFindings(bot.response_metadata?.scopes, options);
    if (conversation.kind !== "conversation") return [...missing, { ...found(conversation), path }];
    const member = options.channel === null ? null : await membership(client, conversation.id);
    if (member !== false || bot.response_metadata?.scopes?.includes("chat:write.public")) return missing;
    const advice = `Type "/invite @${bot.user}" in ${conversation.label}.`;
    return [...missing, { message: `The bot is not a member of ${conversation.label}.`, advice, path }];
  } catch (thrown) {
    return [{ ...found(failureOf(thrown, false, options.channel ?? options.user ?? "")), path }];
  }
}

const whoAmI = shape({
  user: text,
  response_metadata: optional(shape({ scopes: optional(list(text)) })),
});

const channelInfo = shape({ channel: shape({ is_member: optional(flag) }) });

/** Null where Slack does not tell, for want of a scope that posting itself does not need. */
async function membership(client: WebClient, channel: string): Promise<boolean | null> {
  try {
    const { channel: info } = await call(client, "conversations.info", { channel }, channelInfo);
    return info.is_member ?? null;
  } catch (thrown) {
    if (failureOf(thrown, false, channel).reason.includes("missing_scope")) return null;
    throw thrown;
  }
}

/** Scopes by what they are for; without one of those a report stays away or arrives in part. */
function scopeFindings(scopes: readonly string[] | undefined, options: SlackOptions): Problem[] {
  if (scopes === undefined) return [];
  const needed: Record<string, string> = {
    "chat:write": "post",
    "files:write": "attach files",
    ...(options.user === null
      ? {}
      : { "users:read.email": "find people by address", "im:write": "write to them" }),
  };
  return Object.entries(needed)
    .filter(([scope]) => !scopes.includes(scope))
    .map(([scope, purpose]) => ({
      message: `The Slack token lacks the scope ${scope}: it cannot ${purpose}.`,
      advice: 'Add it to the app ("OAuth & Permissions") and install the app again.',
      path: [],
    }));
}

function found(failure: ReturnType<typeof failureOf>): { message: string; advice: string } {
  const advice = failure.kind === "refused" ? failure.advice : "Try again in a minute.";
  return { message: failure.reason, advice };
}
