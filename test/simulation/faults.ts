/** What can go wrong in a schedule; each kind is counted against the phase and the commands it met. */
export const FAULTS = [
  'crash_prover',
  'pause_prover',
  'cut_connection',
  'half_open',
  'drop_message',
  'duplicate_message',
  'delay_message',
  'crash_coordinator',
  'store_failure',
  'clock_jump',
  'coordinator_task_failure',
  'lost_proof',
  'cancel',
  'drain',
  'wrong_commitment',
  'other_input',
  'bad_proof',
  'bad_final',
  'silence',
  'drop_work',
  'failure_report',
  'false_dispute',
  'wrong_totals',
  'no_honest_prover',
  'poison_task',
  'refused_task',
  'hopeless_task',
] as const;

export type Fault = (typeof FAULTS)[number];

/** Faults that are a prover's doing: whoever commits one may be quarantined, and nobody else. */
export const PROVER_FAULTS = [
  'wrong_commitment',
  'other_input',
  'bad_proof',
  'bad_final',
  'silence',
  'drop_work',
  'failure_report',
  'false_dispute',
  'wrong_totals',
] as const satisfies readonly Fault[];

export type ProverFault = (typeof PROVER_FAULTS)[number];
