/**
 * What became of a prover's report. Only `accepted` changed anything in the reporter's favour.
 * `stale` means: drop it, somebody else has the task or nobody needs it; `rejected` means: it was wrong.
 */
export type Verdict =
  | {
      readonly kind: 'accepted';
      /** The grant had ended, but the result verified while the task was open. */ readonly late: boolean;
    }
  | { readonly kind: 'already_done' }
  | { readonly kind: 'stale'; readonly reason: string }
  | { readonly kind: 'rejected'; readonly reason: string };

export const accepted = (late = false): Verdict => ({ kind: 'accepted', late });
export const ALREADY_DONE: Verdict = { kind: 'already_done' };
export const stale = (reason: string): Verdict => ({ kind: 'stale', reason });
export const rejected = (reason: string): Verdict => ({ kind: 'rejected', reason });
