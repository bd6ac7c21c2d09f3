/**
 * What became of a prover's report. Only `accepted` changed anything in the reporter's favour.
 * `stale` means: drop it, somebody else has the task or nobody needs it; `rejected` means: it was wrong.
 */
export type Verdict =
  | {
      readonly kind: 'accepted';
      /** The assignment had ended, but the result verified while the task was open. */ readonly late: boolean;
    }
  | { readonly kind: 'already_done' }
  | { readonly kind: 'stale'; readonly reason: string }
  | { readonly kind: 'rejected'; readonly reason: string };

export const accepted = (late = false): Verdict => ({ kind: 'accepted', late });
export const ALREADY_DONE: Verdict = { kind: 'already_done' };
export const stale = (reason: string): Verdict => ({ kind: 'stale', reason });
export const rejected = (reason: string): Verdict => ({ kind: 'rejected', reason });

/** How the results of one report count together: wrong ones show first, then what changed anything. */
const WEIGHT: readonly Verdict['kind'][] = ['rejected', 'accepted', 'stale', 'already_done'];

/** The one verdict on a report of several results. @throws Error where there are none */
export function overall(verdicts: readonly Verdict[]): Verdict {
  const [first] = verdicts.toSorted((a, b) => WEIGHT.indexOf(a.kind) - WEIGHT.indexOf(b.kind));
  if (!first) throw new Error('a report has at least one result');
  return first;
}
