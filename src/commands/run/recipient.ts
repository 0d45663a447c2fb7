import { ReportError } from "../../core/error.ts";
import type { DeliverTo, Report } from "../../core/model/report.ts";
import { didYouMean } from "../../core/rules/nearest.ts";

/** The keys of a destination's options that say who gets it. */
const WHO: ReadonlySet<string> = new Set(["to", "cc", "bcc", "channel", "user", "path", "address"]);

/** The deliveries that have this recipient: an address, a channel, a user. Throws ReportError `config` where none has. */
export function deliveriesTo(recipient: string, { name, deliver }: Report): readonly DeliverTo[] {
  const asked = bare(recipient);
  const found = deliver.filter(({ destination }) =>
    recipientsOf(destination.options).map(bare).includes(asked),
  );
  if (found.length > 0) return found;
  const all = [...new Set(deliver.flatMap(({ destination }) => recipientsOf(destination.options)))];
  throw new ReportError(`${name} is not delivered to "${recipient}".${didYouMean(recipient, all)}`, {
    code: "config",
    advice: `Its recipients: ${all.join(", ")}.`,
  });
}

/** Whoever an adapter's options name, whatever adapter it is: the texts below the keys above. */
function recipientsOf(options: unknown): readonly string[] {
  if (Array.isArray(options)) return options.flatMap(recipientsOf);
  if (typeof options === "string") return [options];
  if (typeof options !== "object" || options === null) return [];
  return Object.entries(options).flatMap(([key, value]) => (WHO.has(key) ? recipientsOf(value) : []));
}

/** "#ops" and "ops" are one channel, "Ana <ana@example.com>" and "ANA@example.com" one person. */
function bare(recipient: string): string {
  const address = /<([^<>]+)>\s*$/.exec(recipient)?.[1] ?? recipient;
  return address.trim().toLowerCase().replace(/^#/, "");
}
