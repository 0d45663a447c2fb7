import { userObject } from "../people.ts";
import { SlackRefusal } from "../refusal.ts";
import type { Call, Method } from "./methods.ts";

export const userMethods: Record<string, Method> = {
  "users.lookupByEmail": usersLookupByEmail,
  "users.info": usersInfo,
};

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
