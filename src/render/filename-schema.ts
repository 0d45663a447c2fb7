import { z } from "zod";

/** The name of a file, which every format may be given. */
export function filenameOption(description: string) {
  return z.string().min(1).max(200).optional().meta({ description });
}
