/**
 * What this process ended because a login was refused. A secret that is rotated is refused for the seconds between the change outside
 * and the one here: `renewed.ts` tries it again.
 */
export interface RefusedLogins {
  /** To be called once its end is written. True: the connection was renewed since `startedAt`, when the attempt began. */
  note(refused: RefusedLogin, startedAt: Date): boolean;
  /** The connections of these kinds are others from now on. What they refused, each once. */
  take(kinds: readonly string[], now: Date): readonly RefusedLogin[];
}

export interface RefusedLogin {
  /** The connection: "looker", or a destination's word. */
  readonly kind: string;
  readonly what: "run" | "delivery";
  readonly id: string;
}

/** The oldest are forgotten: a person can still retry them. */
const NOTED_MAX = 10_000;

export function trackRefusedLogins(): RefusedLogins {
  const noted = new Map<string, RefusedLogin>();
  const renewedAt = new Map<string, Date>();
  return {
    note(refused, startedAt) {
      const renewed = renewedAt.get(refused.kind);
      if (renewed !== undefined && startedAt <= renewed) return true;
      noted.set(refused.id, refused);
      const [oldest] = noted.keys();
      if (noted.size > NOTED_MAX && oldest !== undefined) noted.delete(oldest);
      return false;
    },
    take(kinds, now) {
      for (const kind of kinds) renewedAt.set(kind, now);
      const taken = [...noted.values()].filter(({ kind }) => kinds.includes(kind));
      for (const { id } of taken) noted.delete(id);
      return taken;
    },
  };
}
