import { z } from "zod";
import { addressMistake, readAddress } from "./address.ts";

/** A text of the YAML that has to be one mailbox; what is wrong with any other is said in a sentence. */
export function mailboxText(description: string) {
  return z
    .string()
    .refine((text) => readAddress(text).ok, { error: (issue) => addressMistake(String(issue.input)) })
    .meta({ description });
}
