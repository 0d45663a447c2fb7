import { ReportError } from "../error.ts";
import type { RenderMail, RenderSlack } from "../model/digest.ts";
import type { Message } from "../model/message.ts";
import type { Commitment, Outcome } from "../model/outcome.ts";
import type { Problem } from "../model/problem.ts";
import type { Redact } from "../rules/redact.ts";
import type { Schema } from "./adapter.ts";
import type { Clock } from "./clock.ts";
import type { Notebook } from "./notebook.ts";

/**
 * A kind of destination: all that lookpost knows of it, whatever asks. C: its connection (null: it needs none), O: its options, both as
 * its own schemas have read them.
 */
export interface DestinationType<C, O> {
  /** Its word in the YAML. */
  readonly kind: string;
  /** Whether it needs a top-level block of its name. */
  readonly needsConnection: boolean;
  /** Who gets it, in a few words and without secrets: "ops@example.com", "#flight-ops". Shown in `history`. */
  describe(options: O): string;
  /**
   * What tells one address from another: two entries that reach the same place for the same people have the same, whatever words they
   * send. It may hold secrets: the ledger keeps a hash.
   */
  identity(options: O): string;
  /** Each of those who get it, as a person would name them on the command line. */
  recipients(options: O): readonly string[];
  /** What is left alone for a while where it does not answer, without secrets: "smtp://mail.example.com:587". Null: there is no server. */
  server(options: O, connection: C): string | null;
  /** For the demo: the same, reaching nothing but the sandbox. */
  readonly onSandbox: {
    connection(connection: C, sandbox: SandboxAddresses): C;
    /** Null: the sandbox has no stand-in for it, and the demo writes the message into a folder. */
    options(options: O, sandbox: SandboxAddresses): O | null;
  };
  readonly words: DestinationWords;
  /** What is wrong with the options given the connection, as far as the file alone tells. */
  problems?(options: O, connection: C): readonly Problem[];
  /** What is no mistake, and a person should know: a connection that may not be encrypted. Said at each start and by `check`. */
  notes?(connection: C): readonly string[];
  /** The same of the options: a subject that breaks a conversation apart. `title`: the report's, as it is in the file. Said by `check`. */
  optionNotes?(options: O, report: { readonly title: string }): readonly string[];
  /** `run --to`: options for one address in place of a report's own (null: it has none). Only a destination that takes any address has it. */
  trial?(address: O, own: O | null): O;
  open(connection: C, surroundings: Surroundings): Destination<O>;
}

/** What reads its words in the YAML, apart from the rest since it takes more memory than what carries a report out. */
export interface DestinationSchemas<C, O> {
  /** In one sentence, for the reference. */
  readonly description: string;
  /** What may be under the top-level block of its name; null: it needs none. */
  readonly connection: Schema<C> | null;
  /** What may be under its word in a report's `deliver`. */
  readonly options: Schema<O>;
  /** Where in that recipients are named, each of which may be an audience. Absent: nowhere. */
  readonly recipients?: RecipientKeys;
}

/** Where the options of a destination, as they are written, name recipients. */
export interface RecipientKeys {
  /** Keys with a recipient, or a list of them. A text or a list in place of the options is what is under the first. */
  readonly keys: readonly string[];
  /** One delivery may have several; else each is a delivery of its own. */
  readonly severalAtOnce: boolean;
  /** Whether a text can be nothing but a recipient, so that it is no audience's name. */
  isRecipient(text: string): boolean;
  /** Whether any other word may be a recipient too, where no audience has that name. */
  readonly takesWords: boolean;
}

/** What commands and history say about a destination. */
export interface DestinationWords {
  /** One of its servers as the subject of a sentence: "The mail server mail.example.com:587". */
  server(server: string): string;
  /** What a delivery that was sent may have been refused for: some of its recipients, or some of its files. */
  readonly refusals: "recipients" | "files";
  /** Whether it can look up if a message has arrived (`find`). */
  readonly looksUp: boolean;
}

/** The addresses of the sandbox's stand-ins. */
export interface SandboxAddresses {
  readonly SMTP_URL: string;
  readonly SLACK_BOT_TOKEN: string;
  readonly SLACK_API_URL: string;
}

/** What a destination may use of the rest of lookpost. */
export interface Surroundings {
  readonly clock: Clock;
  /** That of reports.yaml, which relative paths in it belong to. */
  readonly directory: string;
  readonly renderMail: RenderMail;
  readonly renderSlack: RenderSlack;
  /** Takes secrets out of a text from outside: ahead of any cut, since of half a secret nothing tells that it is one. */
  readonly redact: Redact;
}

/** One that is open: it takes messages out of the house. One verb; knows nothing of runs. */
export interface Destination<O> {
  /** Largest sum of attachments, in bytes before any encoding; null: no limit of its own. */
  readonly attachmentBytesMax: number | null;
  /** Never throws for what the other side did: that is an Outcome. */
  deliver(message: Message, options: O, terms: DeliveryTerms): Promise<Outcome>;
  /**
   * How long after an attempt began its message may still turn up outside, in milliseconds: one that is not found is looked up
   * once more after that before it is sent again. Absent: what is there is there at once.
   */
  readonly lateArrivalMs?: number;
  /**
   * Looks up whether a message whose delivery ended uncertainly has arrived since, and mends what is missing of it: its external
   * id, or null where it is surely absent. Throws ReportError where that cannot be known now; `retryable` says whether later.
   */
  find?(message: Message, since: Date, options: O, terms: DeliveryTerms): Promise<string | null>;
  /** What this recipient sees of it first, in a line. Absent: the message's subject. */
  headline?(message: Message, options: O): string;
  /** What this recipient would get, byte by byte where the destination takes bytes. Sends nothing. */
  preview?(
    message: Message,
    options: O,
    terms?: Pick<DeliveryTerms, "unsubscribe">,
  ): Promise<readonly PreviewFile[]>;
  /** Whether the connection works at all: that the server answers and takes the credentials. */
  checkConnection?(signal: AbortSignal): Promise<readonly Problem[]>;
  /** What can be known without sending over a connection that works: that the channel exists. */
  check?(options: O, signal: AbortSignal): Promise<readonly Problem[]>;
  /** Nothing new comes through it, since its block has changed: closes what it keeps open for that. What is under way goes on. */
  release?(): void;
  /** Aborts what is still under way. May be called twice. */
  close(): Promise<void> | void;
}

export interface PreviewFile {
  /** "message.eml", "body.html", "body.txt", "post.json", … */
  readonly name: string;
  readonly contents: string | Uint8Array;
}

/** What one attempt at a delivery is made under. */
export interface DeliveryTerms {
  readonly signal: AbortSignal;
  /**
   * Throws ReportError `cancelled` where this process may have lost its right to the delivery: it was stopped for a while, and
   * another may have made it meanwhile.
   */
  confirm(): void;
  /**
   * To be awaited right before what makes the message arrive: the ledger keeps that from now on it may have. A process that is
   * killed before leaves nothing uncertain. Rejects with ReportError `cancelled` as `confirm` does, and where the ledger does not
   * answer.
   */
  commit(): Promise<Commitment>;
  /** Only these of the recipients, where the others have been served; null: all. */
  readonly only: readonly string[] | null;
  /**
   * An address that cannot be guessed, at which this recipient ends that the report is sent to them: it is theirs alone. Null: this worker
   * has no addresses, or it is not a report.
   */
  readonly unsubscribe: ((recipient: string) => Promise<string>) | null;
  /** No other delivery of the run reads its files: they may be given away. Absent: others may. */
  readonly ownsFiles?: boolean;
  /** What this kind of destination keeps between attempts: the same one for all of them in this process. */
  readonly notebook: Notebook;
  /**
   * What the attempt is to wait for, and said so with `isPreparing`, is there: the next try comes at once. May be called after the attempt
   * has ended, more than once, and in vain.
   */
  hasten(): void;
}

/** A kind of destination whose options and connection its own schemas have read: from here on nothing looks into them. */
export type AnyDestination = DestinationType<unknown, unknown>;

/** Takes C and O from the definition itself. */
export function defineDestination<C, O>(type: DestinationType<C, O>): DestinationType<C, O> {
  return type;
}

/** A destination over its connection, with what is known of its kind. */
export interface OpenDestination
  extends Destination<unknown>,
    Pick<AnyDestination, "kind" | "describe" | "identity" | "recipients" | "words"> {
  server(options: unknown): string | null;
}

/** Throws ReportError `local` for a destination that does not keep the contract. */
export function openDestination<C, O>(
  type: DestinationType<C, O>,
  connection: C,
  surroundings: Surroundings,
): OpenDestination {
  const any: AnyDestination = type;
  const { kind, words } = any;
  const opened: Destination<unknown> = type.open(connection, surroundings);
  if (typeof opened.close !== "function") throw contractFault(kind, "cannot be closed: it has no close()");
  return Object.assign(opened, {
    kind,
    words,
    describe: (options: unknown) => any.describe(options),
    identity: (options: unknown) => any.identity(options),
    recipients: (options: unknown) => any.recipients(options),
    server: (options: unknown) => any.server(options, connection),
  });
}

/** A destination did what its contract (test/deliver/contract.ts) rules out. */
export function contractFault(kind: string, what: string): ReportError {
  return new ReportError(`The destination "${kind}" ${what}.`, {
    code: "local",
    advice: "This is a fault of lookpost and not of your file: please report it.",
  });
}
