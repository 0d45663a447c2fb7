/** An answer `{ok: false, error}`: Slack says almost everything with HTTP 200. */
export class SlackRefusal extends Error {
  /** Further members of the answer, e.g. `needed` and `provided` of missing_scope. */
  readonly extra: Record<string, unknown>;

  constructor(code: string, extra: Record<string, unknown> = {}) {
    super(code);
    this.name = "SlackRefusal";
    this.extra = extra;
  }

  answer(): Record<string, unknown> {
    return { ok: false, error: this.message, ...this.extra };
  }
}

/** Ends an upload with an HTTP status: Slack says no more than that at an upload URL. */
export class UploadRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "UploadRefusal";
    this.status = status;
  }
}
