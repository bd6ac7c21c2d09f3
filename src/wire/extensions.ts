/** Our extensions of the prover's protocol, as both sides name them when they meet. */
export const FEATURES: readonly string[] = ['result-ack', 'revoke', 'drain', 'artifacts'];

/** The failure code by which a prover gives back what it has not done. */
export const HANDED_BACK = 'handed_back';
