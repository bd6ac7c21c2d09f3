/** Our extensions of the prover's protocol, as both sides name them when they meet. */
export const FEATURES: readonly string[] = ['result-ack', 'revoke', 'drain', 'artifacts', 'commitment-list'];

/** Whether a prover with these extensions takes the list of a job's commitments as an artifact. */
export function fetchesCommitments(features: ReadonlySet<string>): boolean {
  return features.has('commitment-list');
}

/** The failure code by which a prover gives back what it has not done. */
export const HANDED_BACK = 'handed_back';
