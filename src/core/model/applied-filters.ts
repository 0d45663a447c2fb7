/** The filters that a query ran with, as a person would name them. */
export interface AppliedFilters {
  readonly fields: readonly AppliedFilter[];
  /** A condition over several fields, in Looker's own language (`filter_expression`); null: none. */
  readonly expression: string | null;
}

export interface AppliedFilter {
  /** As Looker calls the field: "Created Date". */
  readonly label: string;
  /** Looker's word for what it holds: "string", "number", "date_week", "yesno"; null where the result does not say. */
  readonly type: string | null;
  /** Looker's filter expression: "12 weeks", "complete,-cancelled". */
  readonly expression: string;
}
