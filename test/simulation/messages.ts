import type { JobId, Commitment } from '../../src/domain/ids.js';
import type { AssignmentContent } from '../../src/domain/job/effect.js';
import type { ArtifactRef, RunTotals } from '../../src/domain/job/job-state.js';
import type { TaskRef } from '../../src/domain/job/task.js';
import type { HeldAssignments } from '../../src/coordinator/scheduler/held-assignments.js';
import type { AssignmentId } from '../../src/domain/session/lease-table.js';
import type { ProverDescription } from '../../src/domain/session/session.js';
import type { Verdict } from '../../src/domain/verdict.js';

/** What a prover found for one task, kept by it until a verdict comes. */
export type ReportedResult =
  | { readonly kind: 'commitment'; readonly commitment: Commitment; readonly totals: RunTotals }
  | { readonly kind: 'proof'; readonly artifact: ArtifactRef }
  | { readonly kind: 'dispute'; readonly commitment: Commitment }
  | { readonly kind: 'failure'; readonly retryable: boolean };

export interface Report extends AssignmentId {
  readonly task: TaskRef;
  readonly reported: ReportedResult;
}

export type FromProver =
  | { readonly kind: 'register'; readonly description: ProverDescription; readonly heldAssignments: HeldAssignments }
  | { readonly kind: 'heartbeat'; readonly assignments: readonly AssignmentId[] }
  | { readonly kind: 'report'; readonly report: Report };

export type ToProver =
  | { readonly kind: 'registered'; readonly abandon: readonly AssignmentId[] }
  | { readonly kind: 'heartbeat'; readonly abandon: readonly AssignmentId[] }
  | { readonly kind: 'assign'; readonly assignment: AssignmentContent }
  | { readonly kind: 'revoke'; readonly assignment: AssignmentId; readonly tasks: readonly TaskRef[] }
  | { readonly kind: 'job_over'; readonly job: JobId }
  | { readonly kind: 'verdict'; readonly report: Report; readonly verdict: Verdict };
