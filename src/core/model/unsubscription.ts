/** One of a report's recipients, by the destination that reaches them. */
export interface ReportRecipient {
  readonly report: string;
  /** The destination's word in the YAML. */
  readonly kind: string;
  /** As the destination names them: "ana@example.com". */
  readonly recipient: string;
}

/** A recipient to whom the report is not sent any more. Notices of `on_failure` are for its operators, and are sent all the same. */
export interface Unsubscription extends ReportRecipient {
  readonly at: Date;
  readonly how: UnsubscribedBy;
}

export type UnsubscribedBy =
  | "link" // the link of a message: its recipient, or their mail program (RFC 8058)
  | "command"; // `lookpost recipients --unsubscribe`

/** How recipients are compared: an address written in capitals is the same mailbox everywhere that matters. */
export function sameRecipient(recipient: string): string {
  return recipient.toLowerCase();
}
