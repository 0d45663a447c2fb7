import { ReportError } from "../core/error.ts";
import type { Sandbox, SandboxOptions } from "../sandbox/index.ts";

export type { Sandbox } from "../sandbox/index.ts";

/** The stand-in servers: neither the package nor the image has them, or the development packages they need. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  try {
    const sandbox = await import("../sandbox/index.ts");
    const { slackView } = await import("../deliver/slack/preview/blocks.ts");
    return await sandbox.startSandbox({ slackView, ...options });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND")
      throw new ReportError("The sandbox is not part of this installation.", {
        code: "config",
        advice: "Run it from a checkout of lookpost, after `npm ci`.",
        cause,
      });
    throw new ReportError(cause instanceof Error ? cause.message : String(cause), {
      code: "local",
      cause,
    });
  }
}
