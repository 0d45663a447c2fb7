/** Where on this machine a report is put down. */
export interface FileOptions {
  /** As it stands in the YAML: relative paths belong to the folder of reports.yaml. */
  readonly path: string;
}

export function describeFolder({ path }: FileOptions): string {
  return path;
}
