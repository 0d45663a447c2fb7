import { type Command, InvalidArgumentError } from "commander";

/** Gets the exit code of the command that was called. */
export type Done = (code: number) => void;

export const FILE_DEFAULT = "reports.yaml";

export function withConfig(command: Command): Command {
  return command.option("-c, --config <file>", "the reports.yaml to use", FILE_DEFAULT);
}

export function example(...lines: readonly string[]): string {
  return `\nExample:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

/** Reads an option that is a whole number within bounds, the bounds included. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It has to be a whole number from ${least} to ${most}.`);
  };
}

export const port = wholeNumber(0, 65_535);
