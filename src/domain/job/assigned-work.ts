import type { Sha256 } from '../ids.js';
import type { AssignmentContent } from './effect.js';

/** An assignment as its prover knows it. */
export interface AssignedWork extends Pick<
  AssignmentContent,
  'job' | 'epoch' | 'phase' | 'tasks' | 'program' | 'input' | 'segmentCycles' | 'statement' | 'challenge'
> {
  /** Commitments one after the other, the boundary's first; empty where `commitmentList` names them. */
  readonly commitments: Uint8Array;
  /** The artifact that holds them. */
  readonly commitmentList: Sha256 | null;
  /** For an aggregation: the segments' proofs, the boundary's first. */
  readonly proofs: readonly Sha256[];
  /** Whether to verify the proofs before they are aggregated; where nothing is, it is not asked. */
  readonly verifyProofs: boolean;
}
