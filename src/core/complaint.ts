/** What is wrong with a word of the YAML, and what to write instead. */
export interface Complaint {
  readonly message: string;
  readonly advice: string;
}
