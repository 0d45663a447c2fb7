import { z } from "zod";

/**
 * A string in the YAML that must come from the environment or a file, never be written there. The mark travels with the
 * schema, so that the checker can refuse a literal and the reference can say so.
 */
export function secret(description: string): z.ZodString {
  return z.string().min(1).meta({ description, secret: true });
}
