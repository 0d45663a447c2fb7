declare const afterCommit: unique symbol;

/** Carried by outcomes that only a `Commitment` makes. Nothing at run time. */
export interface AfterCommit {
  readonly [afterCommit]: true;
}

/**
 * What became of one delivery, as its destination saw it. Retrying is not the destination's business. That a message is out, or may
 * be, can only be said with what `commit` resolved with.
 */
export type Outcome = (Sent & AfterCommit) | Refused | Again | (Unknown & AfterCommit);

export interface Sent {
  readonly kind: "sent";
  readonly externalId: string;
  readonly refused: readonly Refusal[];
  /** Recipients that the other side takes in another message only: the delivery goes on with them at once, and that costs no try. */
  readonly rest?: readonly string[];
  /** What is worth knowing though it was sent. */
  readonly note?: string;
}

/** Permanent: trying again cannot help. */
export interface Refused {
  readonly kind: "refused";
  readonly reason: string;
  readonly advice: string;
  /** The credentials were refused: with others it may work. */
  readonly isLogin?: boolean;
}

/** Surely not delivered; may work later. */
export interface Again {
  readonly kind: "again";
  readonly reason: string;
  readonly afterMs?: number;
  /** What a person can do about it. */
  readonly advice?: string;
  /** The whole server is out (not reached, or it says so itself): others need not ask it either for a while. */
  readonly isServerOut?: boolean;
  /**
   * It takes no more at once than it has in hand. Where others get through meanwhile, coming again after `afterMs` costs no try. With
   * "no_other_seen" this process has seen none that does: whether one of another worker does, the ledger knows.
   */
  readonly busy?: "others_get_through" | "no_other_seen";
  /**
   * What it needs first takes longer than an attempt should, and is being fetched: coming again costs neither a try nor the time of
   * `retry:`. `afterMs` is when at the latest: `DeliveryTerms.hasten` says when it is worth while. For an hour at most.
   */
  readonly isPreparing?: boolean;
}

/** May have been delivered: the connection was lost when nothing could tell. */
export interface Unknown {
  readonly kind: "unknown";
  readonly reason: string;
}

/** A recipient that was refused while others were served. */
export interface Refusal {
  readonly recipient: string;
  readonly reason: string;
  readonly permanent: boolean;
}

/** What `commit` resolves with: from then on the message may have arrived, and only then can an outcome say so. */
export interface Commitment {
  sent(externalId: string, more?: Partial<Pick<Sent, "refused" | "rest" | "note">>): Sent & AfterCommit;
  unknown(reason: string): Unknown & AfterCommit;
}

/** For those who carry out `commit`: the worker, once the ledger has it, and tests. */
export const commitment: Commitment = {
  sent: (externalId, more = {}) => ({ kind: "sent", externalId, refused: [], ...more }) as Sent & AfterCommit,
  unknown: (reason) => ({ kind: "unknown", reason }) as Unknown & AfterCommit,
};
