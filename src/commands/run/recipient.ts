import { destinationOf } from "../../app/destinations.ts";
import { ReportError } from "../../core/error.ts";
import type { DeliverTo, Report } from "../../core/model/report.ts";
import { didYouMean } from "../../core/rules/nearest.ts";

/** The deliveries that have this recipient: an address, a channel, a user. Throws ReportError `config` where none has. */
export function deliveriesTo(recipient: string, { name, deliver }: Report): readonly DeliverTo[] {
  const asked = bare(recipient);
  const found = deliver.filter((one) => recipientsOf(one).map(bare).includes(asked));
  if (found.length > 0) return found;
  const all = [...new Set(deliver.flatMap(recipientsOf))];
  throw new ReportError(`${name} is not delivered to "${recipient}".${didYouMean(recipient, all)}`, {
    code: "config",
    advice: `Its recipients: ${all.join(", ")}.`,
  });
}

function recipientsOf({ destination: { kind, options } }: DeliverTo): readonly string[] {
  return destinationOf(kind).recipients(options);
}

/** "#ops" and "ops" are one channel, "Ana <ana@example.com>" and "ANA@example.com" one person. */
function bare(recipient: string): string {
  const address = /<([^<>]+)>\s*$/.exec(recipient)?.[1] ?? recipient;
  return address.trim().toLowerCase().replace(/^#/, "");
}
