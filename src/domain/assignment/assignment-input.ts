import type { JobId, ProverId } from '../ids.js';
import type { JobCommand } from '../job/command.js';
import type { JobState } from '../job/job-state.js';
import type { TaskKind } from '../job/task.js';
import type { AssignmentId } from '../session/lease-table.js';

/** A prover that is there. */
export interface ProverView {
  readonly prover: ProverId;
  readonly computeUnits: number;
  readonly protocol: 'extended' | 'baseline';
  /** It is given nothing for a while, as what it was given came to nothing. */
  readonly resting: boolean;
  /** Whether it can do this job at all, for example read its input. */
  readonly mayTake: (job: JobState) => boolean;
  /** False while nothing can be sent to it. */
  readonly hasRoom: () => boolean;
}

/** What time has to say of assignments; the policy itself knows no clock. */
export interface AssignmentTimes {
  /** Milliseconds since the assignment was sent or last gave a result; null when unknown. */
  readonly idleMs: (assignment: AssignmentId) => number | null;
  /** What a task of the phase usually takes in this job, in milliseconds; null when unknown. */
  readonly medianMs: (job: JobId, phase: TaskKind) => number | null;
}

/** Something the scheduler should do to a job. */
export interface Move {
  readonly job: JobId;
  readonly command: Extract<
    JobCommand,
    { kind: 'allocate' | 'assign' | 'take_over' | 'aggregate_locally' | 'end_assignment' }
  >;
}
