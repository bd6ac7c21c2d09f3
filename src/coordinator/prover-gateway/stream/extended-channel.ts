import type { AssignmentContent } from '../../../domain/job/effect.js';
import type { JobState } from '../../../domain/job/job-state.js';
import { taskKey, type TaskRef } from '../../../domain/job/task.js';
import type { AssignmentId } from '../../../domain/session/lease-table.js';
import { toExecuteTask } from '../../../wire/stream/assignment.js';
import type { ProverChannel } from '../../scheduler/prover-channel.js';
import { StreamChannel, type ProverCall } from './stream-channel.js';

/** The way to a prover of ours over its stream. */
export class ExtendedChannel extends StreamChannel implements ProverChannel {
  /** @param fetches whether the prover takes the list of commitments as an artifact */
  constructor(
    call: ProverCall,
    private readonly fetches: boolean,
    onRoom: () => void,
  ) {
    super(call, onRoom);
  }

  readonly accepts = (_job: JobState): boolean => true;

  readonly assign = (assignment: AssignmentContent): boolean =>
    this.send({ $case: 'executeTask', value: toExecuteTask(assignment, this.fetches) });

  readonly revoke = ({ job, epoch }: AssignmentId, tasks: readonly TaskRef[], reason: string): void => {
    const value = { jobId: job, epoch: BigInt(epoch), taskIds: tasks.map(taskKey), reason };
    this.send({ $case: 'revoke', value });
  };

  readonly drain = (reason: string): void => {
    this.send({ $case: 'drain', value: { reason } });
  };
}
