const requestsMax = 10_000;

export interface SeenRequest {
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  /** The query string, with secrets masked. */
  readonly query: string;
  readonly at: Date;
  /** 0 until it is answered; it stays 0 where it never is. */
  readonly status: number;
}

/** The last requests, oldest first. */
export class RequestLog {
  readonly #seen: { method: string; path: string; query: string; at: Date; status: number }[] = [];

  get seen(): readonly SeenRequest[] {
    return this.#seen;
  }

  /** Gives back the function that says how it was answered. */
  note(method: string, url: URL, at: Date): (status: number) => void {
    const query = new URLSearchParams(url.searchParams);
    for (const name of ["client_secret", "access_token"]) if (query.has(name)) query.set(name, "***");
    const entry = { method, path: url.pathname, query: query.toString(), at, status: 0 };
    this.#seen.push(entry);
    if (this.#seen.length > requestsMax) this.#seen.shift();
    return (status) => {
      entry.status = status;
    };
  }
}
