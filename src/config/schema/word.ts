import { z } from "zod";
import type { Problem } from "../../core/model/problem.ts";

/** A string that `parse` understands; what is wrong with it becomes the issue. */
export function word(parse: (text: string) => unknown): z.ZodString {
  return z.string().check((context) => {
    const result = parse(context.value);
    if (!isProblem(result)) return;
    const { message, advice } = result;
    context.issues.push({ code: "custom", input: context.value, message, params: { advice } });
  });
}

export function isProblem(result: unknown): result is Problem {
  return typeof result === "object" && result !== null && "advice" in result;
}

/** For the reference only: the value is filled in where the report is built, from the file's own `defaults` first. */
export function defaulted<S extends z.ZodType>(schema: S, otherwise: string): S {
  return schema.meta({ ...z.globalRegistry.get(schema), otherwise });
}
