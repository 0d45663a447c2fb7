import type { Arguments } from "../arguments.ts";
import type { SlackOutbox } from "../outbox.ts";
import { bot } from "../people.ts";
import { SlackRefusal } from "../refusal.ts";
import type { Uploads } from "../uploads.ts";
import type { Workspace } from "../workspace.ts";
import { blocksValidate, chatMethods } from "./chat.ts";
import { conversationMethods } from "./conversations.ts";
import { fileMethods } from "./files.ts";
import { userMethods } from "./users.ts";

/** What one call has at hand. */
export type Call = {
  args: Arguments;
  workspace: Workspace;
  outbox: SlackOutbox;
  uploads: Uploads;
  /** `http://127.0.0.1:PORT`. */
  origin: string;
  /** How long after it a post may be edited. */
  editWindowMs: number;
  /** Refuses with missing_scope unless the token has it. */
  needs(scope: string): void;
};

export type Method = (call: Call) => Promise<Record<string, unknown>> | Record<string, unknown>;

const authTest: Method = ({ origin }) => ({
  url: `${origin}/`,
  team: bot.team,
  user: bot.name,
  team_id: bot.teamId,
  user_id: bot.userId,
  bot_id: bot.botId,
  is_enterprise_install: false,
});

const apiTest: Method = ({ args }) => {
  const error = args.text("error");
  if (error !== undefined) throw new SlackRefusal(error, { args: args.all });
  return { args: args.all };
};

/** The methods that the sandbox answers. */
export const methods: Readonly<Record<string, Method>> = {
  "api.test": apiTest,
  "auth.test": authTest,
  "blocks.validate": blocksValidate,
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...userMethods,
};

/** These need no token. */
export const openMethods: readonly string[] = ["api.test"];
