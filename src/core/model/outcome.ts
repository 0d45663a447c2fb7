/** What became of one delivery, as its destination saw it. Retrying is not the destination's business. */
export type Outcome =
  | {
      readonly kind: "sent";
      readonly externalId: string;
      readonly refused: readonly Refusal[];
      readonly note?: string;
    }
  /** Permanent: trying again cannot help. */
  | { readonly kind: "refused"; readonly reason: string; readonly advice: string }
  /** Surely not delivered; may work later. */
  | {
      readonly kind: "again";
      readonly reason: string;
      readonly afterMs?: number;
      /** The whole server is out (not reached, or it says so itself): others need not ask it either for a while. */
      readonly isServerOut?: boolean;
    }
  /** May have been delivered: the connection was lost when nobody could tell. */
  | { readonly kind: "unknown"; readonly reason: string };

/** A recipient that was refused while others were served. */
export interface Refusal {
  readonly recipient: string;
  readonly reason: string;
  readonly permanent: boolean;
}
