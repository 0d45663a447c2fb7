/** What a filter of dates asks for. Numbers are as they are written. */
export type DateCondition =
  | { readonly kind: "last" | "next"; readonly span: FilterSpan; readonly isComplete: boolean }
  | { readonly kind: "at"; readonly point: FilterMoment }
  /** "this year to day" */
  | {
      readonly kind: "to_date";
      readonly which: "this" | "last";
      readonly unit: FilterUnit;
      readonly to: FilterUnit;
    }
  | { readonly kind: "span_from"; readonly span: FilterSpan; readonly from: FilterMoment }
  /** The end is not part of it. */
  | { readonly kind: "range"; readonly from: FilterMoment; readonly to: FilterMoment }
  /** "after" includes the moment itself. */
  | { readonly kind: "before" | "after"; readonly point: FilterMoment }
  | { readonly kind: "quarter"; readonly year: string; readonly quarter: string }
  | { readonly kind: "fiscal"; readonly year: string; readonly quarter: string | null }
  | { readonly kind: "year"; readonly year: string }
  | { readonly kind: "null" | "not_null" };

/** `name` in the singular; `written` as the filter has it. */
export interface FilterUnit {
  readonly name:
    | "second"
    | "minute"
    | "hour"
    | "day"
    | "week"
    | "month"
    | "quarter"
    | "year"
    | "fiscal quarter"
    | "fiscal year";
  readonly written: string;
}

/** "12 weeks"; `count` null: a single one, without a number. */
export interface FilterSpan {
  readonly count: string | null;
  readonly unit: FilterUnit;
}

export type NamedMoment =
  | "today"
  | "yesterday"
  | "tomorrow"
  | "now"
  | "monday"
  | "tuesday"
  | "wednesday"
  | "thursday"
  | "friday"
  | "saturday"
  | "sunday";

export type FilterMoment =
  /** `day` null: a month. */
  | {
      readonly kind: "date";
      readonly year: number;
      readonly month: number;
      readonly day: number | null;
      readonly time: string | null;
    }
  | { readonly kind: "named"; readonly name: NamedMoment }
  | { readonly kind: "away"; readonly span: FilterSpan; readonly isAhead: boolean }
  | { readonly kind: "which"; readonly which: "this" | "last" | "next"; readonly unit: FilterUnit }
  /** Cannot be said in other words. */
  | { readonly kind: "written"; readonly text: string; readonly hasDay: boolean };

/** Numbers that a filter lets through; `least` and `most` null: no end. Both ends are in a "between". */
export type NumberRange =
  | { readonly kind: "null" }
  | { readonly kind: "one"; readonly number: string }
  | { readonly kind: "between"; readonly from: string; readonly to: string }
  | { readonly kind: "bounds"; readonly all: readonly NumberBound[] };

export interface NumberBound {
  readonly sign: ">" | ">=" | "<" | "<=";
  readonly number: string;
}

export type TextMatch = "is" | "contains" | "starts" | "ends" | "matches";

/** Texts that one way of matching is asked for. */
export type TextGroup = readonly [how: TextMatch, texts: readonly string[]];
