import { bot, userObject } from "../people.ts";
import { SlackRefusal } from "../refusal.ts";
import type { Call, Method } from "./call.ts";
import { blocksValidate, chatMethods } from "./chat.ts";
import { conversationMethods } from "./conversations.ts";
import { fileMethods } from "./files.ts";

/** The methods that the sandbox answers. */
export const methods: Readonly<Record<string, Method>> = {
  "api.test": apiTest,
  "auth.test": authTest,
  "blocks.validate": blocksValidate,
  "users.info": usersInfo,
  "users.lookupByEmail": usersLookupByEmail,
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
};

/** These need no token. */
export const openMethods: readonly string[] = ["api.test"];

function apiTest({ args }: Call): Record<string, unknown> {
  const error = args.text("error");
  if (error !== undefined) throw new SlackRefusal(error, { args: args.all });
  return { args: args.all };
}

function authTest({ origin }: Call): Record<string, unknown> {
  return {
    url: `${origin}/`,
    team: bot.team,
    user: bot.name,
    team_id: bot.teamId,
    user_id: bot.userId,
    bot_id: bot.botId,
    is_enterprise_install: false,
  };
}

function usersLookupByEmail({ args, workspace, needs }: Call): Record<string, unknown> {
  needs("users:read.email");
  const email = args.required("email").toLowerCase();
  const user = workspace.users.find((each) => each.email.toLowerCase() === email);
  if (user === undefined) throw new SlackRefusal("users_not_found");
  return { user: userObject(user) };
}

function usersInfo({ args, workspace, needs }: Call): Record<string, unknown> {
  needs("users:read");
  const id = args.required("user");
  const user = workspace.users.find((each) => each.id === id);
  if (user === undefined) throw new SlackRefusal("user_not_found");
  return { user: userObject(user) };
}
