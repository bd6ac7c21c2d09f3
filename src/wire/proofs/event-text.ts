import { assertNever } from '../../domain/assert-never.js';
import type { JobEvent } from '../../domain/job/event.js';

/** An event as a sentence for people. */
export function eventText(event: JobEvent): string {
  switch (event.type) {
    case 'submitted':
      return 'accepted';
    case 'planning':
      return 'running the program once';
    case 'planned':
      return `${event.cycles} cycles in ${event.segments} segments`;
    case 'assigned':
      return `${event.tasks} ${event.phase} tasks to ${event.prover}${event.grade === 'speculative' ? ' as well' : ''}`;
    case 'assignment_ended':
      return `assignment ${event.epoch} of ${event.prover} ended: ${event.cause}`;
    case 'contributed':
      return `${segmentName(event.segment)} contributed by ${event.prover}`;
    case 'challenged':
      return `challenge of attempt ${event.attempt} derived`;
    case 'proven':
      return `${segmentName(event.segment)} proven by ${event.prover} and verified`;
    case 'task_failed':
      return `${event.task} failed on ${event.prover}: ${event.reason}`;
    case 'taken_over':
      return `the coordinator does ${event.task} itself: ${event.reason}`;
    case 'proven_here':
      return `${segmentName(event.segment)} proven by the coordinator itself`;
    case 'disputed':
      return `the contribution for ${segmentName(event.segment)} is disputed by ${event.prover}`;
    case 'dispute_resolved':
      return `the contribution for ${segmentName(event.segment)} was ${event.changed ? 'wrong' : 'right'}`;
    case 'audit_started':
      return `the proofs of attempt ${event.attempt} do not fit together: contributions are made again`;
    case 'attempt_started':
      return `attempt ${event.attempt} begins`;
    case 'prover_excluded':
      return `${event.prover} is quarantined: ${event.reason}`;
    case 'determinism_alarm':
      return `two right proofs of ${segmentName(event.segment)} differ, the later by ${event.prover}`;
    case 'aggregating':
      return 'aggregating the proofs';
    case 'aggregated':
      return `final proof made by ${event.prover}`;
    case 'aggregating_locally':
      return `the coordinator aggregates the proofs itself: ${event.reason}`;
    case 'completed':
      return event.final
        ? 'completed: the final proof is verified'
        : 'completed (simulated): the partition of one node is proven and verified; there is no final proof';
    case 'failed':
      return `failed: ${event.failure.message}`;
    case 'cancelled':
      return `cancelled: ${event.reason}`;
    default:
      return assertNever(event, 'event');
  }
}

function segmentName(segment: number): string {
  return segment === 0 ? 'the boundary' : `segment ${segment}`;
}
