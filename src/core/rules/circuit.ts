/**
 * What is known of one server outside ("looker", "email smtp://mail.example.com:587"): after several failures in a row it is not asked for
 * a while, so that a dead server costs one call a while rather than one for each report.
 */
export interface Circuit {
  /** The connection's word in the YAML. */
  readonly name: string;
  /** Failures in a row: not reached, or an answer that says the whole server is out. */
  readonly failures: number;
  /** The first of them. */
  readonly since: Date | null;
  /** Not to be asked before; null while it is well. */
  readonly openUntil: Date | null;
  readonly reason: string | null;
}

const FAILURES_BEFORE_OPEN = 5;
const OPEN_FIRST_MS = 30_000;
const OPEN_MAX_MS = 5 * 60_000;

export function closedCircuit(name: string): Circuit {
  return { name, failures: 0, since: null, openUntil: null, reason: null };
}

/** After the fifth failure in a row it opens for 30 s; each failure of the one call that is then let through doubles that, up to 5 min. */
export function afterFailure(circuit: Circuit, reason: string, at: Date): Circuit {
  const failures = circuit.failures + 1;
  const since = circuit.since ?? at;
  const base = { ...circuit, failures, since, reason };
  if (failures < FAILURES_BEFORE_OPEN) return base;
  const openMs = Math.min(OPEN_FIRST_MS * 2 ** (failures - FAILURES_BEFORE_OPEN), OPEN_MAX_MS);
  return { ...base, openUntil: new Date(at.getTime() + openMs) };
}

/**
 * Until when calls are held back, or null where one may be made. A date further ahead than any pause was written before the clock
 * was set back, and counts for nothing.
 */
export function heldUntil({ openUntil }: Circuit, at: Date): Date | null {
  const aheadMs = openUntil === null ? 0 : openUntil.getTime() - at.getTime();
  return aheadMs > 0 && aheadMs <= OPEN_MAX_MS ? openUntil : null;
}

/** Of a server, in the reason of what waits for it: why it is out comes after a colon. */
export const HELD = " is out, and is left alone for a while";
