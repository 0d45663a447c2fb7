import { z } from "zod";
import type { Complaint } from "../../core/complaint.ts";

/** A string that `parse` understands; what it complains of becomes the issue. */
export function word(parse: (text: string) => unknown): z.ZodString {
  return z.string().check((context) => {
    const result = parse(context.value);
    if (!isComplaint(result)) return;
    const { message, advice } = result;
    context.issues.push({ code: "custom", input: context.value, message, params: { advice } });
  });
}

export function isComplaint(result: unknown): result is Complaint {
  return typeof result === "object" && result !== null && "advice" in result;
}

/** For the reference only: the value is filled in where the report is built, from the file's own `defaults` first. */
export function defaulted<S extends z.ZodType>(schema: S, otherwise: string): S {
  return schema.meta({ ...z.globalRegistry.get(schema), otherwise });
}
