import type { RenderSlack } from "../../core/model/digest.ts";
import type { Clock } from "../../core/ports/clock.ts";

/** How lookpost speaks to a Slack workspace. */
export interface SlackConnection {
  readonly token: string;
  /** Ends with a slash. */
  readonly apiUrl: string;
}

/** Where in Slack a report goes: exactly one of channel and user is set. */
export interface SlackOptions {
  /** "#flight-ops" or an id such as "C0123ABC". */
  readonly channel: string | null;
  /** Email address of the one person who gets it as a direct message. */
  readonly user: string | null;
  /** In place of the message's own intro; null: the message's. */
  readonly message: string | null;
  /** Where attached files go: below the post, or into the channel, next to it. */
  readonly thread: "attachments" | "none";
}

export interface SlackDeps {
  readonly renderSlack: RenderSlack;
  readonly clock: Clock;
  /** How long one call of the Web API may take. */
  readonly callTimeoutMs?: number;
}

/** Whether it is an id already: of a channel (C, older private ones G) or a direct conversation (D). */
export function isChannelId(channel: string): boolean {
  return /^[CGD][A-Z0-9]{6,}$/.test(channel);
}

export function describePlace(options: SlackOptions): string {
  return options.channel ?? options.user ?? "";
}
