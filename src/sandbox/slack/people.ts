export type SlackUser = { id: string; name: string; realName: string; email: string };

export type SlackChannel = {
  id: string;
  /** Without `#`; of a direct conversation, the other person's user name. */
  name: string;
  kind: "public_channel" | "private_channel" | "im";
  isArchived: boolean;
  /** Whether the bot is a member. */
  isMember: boolean;
  userId?: string;
  /** Seconds since 1970. */
  created: number;
};

export type ChannelSeed = {
  name: string;
  id?: string;
  isPrivate?: boolean;
  isArchived?: boolean;
  isMember?: boolean;
};
export type UserSeed = { name: string; email: string; realName?: string; id?: string };

/** The app that posts, and the team it is installed in. */
export const bot = {
  userId: "U0LOOKPOST",
  botId: "B0LOOKPOST",
  appId: "A0LOOKPOST",
  teamId: "T0SANDBOX0",
  team: "Sandbox",
  name: "lookpost",
} as const;

const usualChannels: readonly ChannelSeed[] = [
  { name: "general" },
  { name: "flight-ops" },
  { name: "data-ops" },
  { name: "lounge", isMember: false },
  { name: "old-reports", isArchived: true },
  { name: "leadership", isPrivate: true, isMember: false },
];

const usualUsers: readonly UserSeed[] = [
  { name: "ana", realName: "Ana Ruiz", email: "ana@example.com" },
  { name: "bob", realName: "Bob Lind", email: "bob@example.com" },
  { name: "ops", realName: "Ops Desk", email: "ops@example.com" },
  { name: "data", realName: "Data Team", email: "data@example.com" },
  { name: "me", realName: "Me", email: "me@example.com" },
];

export function makeChannels(seeds: readonly ChannelSeed[] = usualChannels): SlackChannel[] {
  const created = Math.floor(Date.now() / 1000);
  return seeds.map((seed, index) => ({
    id: seed.id ?? `C${String(index + 1).padStart(10, "0")}`,
    name: seed.name,
    kind: seed.isPrivate ? "private_channel" : "public_channel",
    isArchived: seed.isArchived ?? false,
    isMember: seed.isMember ?? true,
    created,
  }));
}

export function makeUsers(seeds: readonly UserSeed[] = usualUsers): SlackUser[] {
  return seeds.map((seed, index) => ({
    id: seed.id ?? `U${String(index + 1).padStart(10, "0")}`,
    name: seed.name,
    realName: seed.realName ?? seed.name,
    email: seed.email,
  }));
}

/** The user object of users.info and users.lookupByEmail. */
export function userObject(user: SlackUser): Record<string, unknown> {
  return {
    id: user.id,
    team_id: bot.teamId,
    name: user.name,
    deleted: false,
    real_name: user.realName,
    tz: "America/New_York",
    is_bot: user.id === bot.userId,
    profile: { real_name: user.realName, display_name: user.name, email: user.email, team: bot.teamId },
  };
}

/** The conversation object of conversations.list and conversations.info. */
export function channelObject(channel: SlackChannel): Record<string, unknown> {
  const isPrivate = channel.kind !== "public_channel";
  const common = { id: channel.id, created: channel.created, is_archived: channel.isArchived };
  if (channel.kind === "im") return { ...common, is_im: true, user: channel.userId, is_user_deleted: false };
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !isPrivate,
    is_group: isPrivate,
    is_im: false,
    is_mpim: false,
    is_private: isPrivate,
    is_member: channel.isMember,
    is_general: channel.name === "general",
    creator: bot.userId,
  };
}
