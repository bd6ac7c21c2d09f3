/** A row of a page that names the tests which show what it says. */
export interface Evidence {
  /** Heading above the table. */
  readonly section: string;
  readonly named: string;
  readonly ours: string;
  /** Specification, and part of the test's full name. */
  readonly tests: readonly { readonly file: string; readonly name: string }[];
}

export function readEvidence(page: string): Evidence[];
