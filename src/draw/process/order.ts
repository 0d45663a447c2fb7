import type { ErrorCode } from "../../core/error.ts";

/** What the drawing process is told. The first message is `fonts`. */
export type EaselOrder =
  | {
      readonly id: number;
      readonly kind: "vega_lite";
      readonly spec: unknown;
      readonly labels: Readonly<Record<string, string>>;
    }
  | { readonly id: number; readonly kind: "svg"; readonly svg: string; readonly density: number }
  | { readonly id: number; readonly kind: "check"; readonly spec: unknown };

/** What it answers. Errors would lose their fields on the way. */
export type EaselAnswer =
  | {
      readonly id: number;
      readonly kind: "drawn";
      readonly png: Uint8Array;
      /** In CSS pixels. */
      readonly width: number;
      readonly height: number;
      /** Letters that stand in it as boxes. */
      readonly missing: readonly string[];
    }
  | { readonly id: number; readonly kind: "fine" }
  | {
      readonly id: number;
      readonly kind: "failed";
      readonly code: ErrorCode;
      readonly message: string;
      readonly advice: string | null;
    };
