import type { SmtpSession } from "./session.ts";

/** The open sessions with one server that no message is under way on. */
export interface Sessions {
  /** The one that was used last, for this caller alone; null: there is none. */
  take(): SmtpSession | null;
  /** Back from its last message, or new: for the next one. Closed where there is no room for it, or it has served its time. */
  keep(session: SmtpSession): void;
  /** Closes them. Those that are kept later are closed too. */
  close(): void;
}

export interface SessionsOptions {
  /** How long one waits for a message. Servers drop idle connections after 30 s and more, and count them until then. */
  readonly idleMs: number;
  /** Whether the server still takes as many connections as there would be with one more. */
  readonly hasRoom: (idle: number) => boolean;
}

/** Many servers end a connection after 100 messages: taking leave is quicker than finding out. */
const MESSAGES_MAX = 100;

export function openSessions({ idleMs, hasRoom }: SessionsOptions): Sessions {
  const idle: { readonly session: SmtpSession; readonly timer: NodeJS.Timeout }[] = [];
  let isClosed = false;

  function leave(session: SmtpSession): void {
    const at = idle.findIndex((one) => one.session === session);
    if (at >= 0) idle.splice(at, 1);
    session.quit();
  }

  return {
    take() {
      for (let last = idle.pop(); last !== undefined; last = idle.pop()) {
        clearTimeout(last.timer);
        if (last.session.isOpen) return last.session;
      }
      return null;
    },
    keep(session) {
      if (!session.isOpen) return;
      if (isClosed || session.taken >= MESSAGES_MAX || !hasRoom(idle.length)) return session.quit();
      idle.push({ session, timer: setTimeout(() => leave(session), idleMs).unref() });
    },
    close() {
      isClosed = true;
      for (const { session, timer } of idle.splice(0)) {
        clearTimeout(timer);
        session.quit();
      }
    },
  };
}
