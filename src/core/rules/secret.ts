import { z } from "zod";

/**
 * A string in the YAML that must come from the environment or a file, never be written there. The mark travels with the
 * schema, so that the checker can refuse a literal and the reference can say so. `variable`: the environment variable to advise, where it is
 * not made of the keys that lead there.
 */
export function secret(description: string, variable?: string): z.ZodString {
  return z
    .string()
    .min(1)
    .meta({ description, secret: true, ...(variable !== undefined && { variable }) });
}
