/** Something that somebody did, or was not let do by the state of things. */
export interface AuditEntry {
  /** Increasing, without gaps. */
  readonly sequence: number;
  /** Unix milliseconds. */
  readonly atMs: number;
  /** `Service/Call` */
  readonly action: string;
  /** The id of a key, `operator-key`, or `anyone`. */
  readonly caller: string;
  /** Where the call came from. */
  readonly address: string;
  /** What it was about: the id of a job, prover or key; empty where it names none. */
  readonly subject: string;
  /** What it ended with: `OK`, or the name of a gRPC status. */
  readonly outcome: string;
}

export type NewAuditEntry = Omit<AuditEntry, 'sequence'>;

/** Newest first. */
export interface AuditQuery {
  /** Only entries with a smaller sequence number; null: from the newest. */
  readonly before: number | null;
  readonly limit: number;
}
