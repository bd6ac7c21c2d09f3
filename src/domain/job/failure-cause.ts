/**
 * What a prover's failure report may mean. It is never believed to say that the job cannot be done:
 * - `passing`: another try may succeed, here or elsewhere
 * - `lasting`: this prover would fail again. Whose fault it is, the prover's or the job's (a refusal of the kernel, a
 *   limit), shows when the coordinator does the task itself
 * - `artifact_missing`: something the task needs is not in the coordinator's store; the coordinator looks for itself
 */
export type FailureCause = 'passing' | 'lasting' | 'artifact_missing';

const MISSING: ReadonlySet<string> = new Set(['artifact_missing', 'artifact_unavailable']);

export function causeOf({
  code = '',
  retryable,
}: {
  readonly code?: string;
  readonly retryable: boolean;
}): FailureCause {
  if (MISSING.has(code)) return 'artifact_missing';
  return retryable ? 'passing' : 'lasting';
}
