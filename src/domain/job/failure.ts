/** Why a job failed, as a code for programs and words for people. */
export type JobFailureCode =
  /** The program trapped, exceeded a limit or exited non-zero, found by the coordinator's own run. */
  | 'GUEST_FAILED'
  /** Wrong commitments in every permitted attempt. */
  | 'FAULTY_PROVERS'
  /** One task lost on so many provers that it is no longer assigned. */
  | 'TASK_QUARANTINED'
  | 'DEADLINE_EXCEEDED'
  /** A program or input artifact is gone or does not match its digest. */
  | 'ARTIFACT_LOST'
  /** What the store kept of the job cannot be read back, though the database itself is whole. */
  | 'STATE_LOST'
  /** The run or its proof is over a limit of the proof system or of this coordinator. */
  | 'LIMIT_EXCEEDED'
  /** The kernel refuses a step of the job, on the coordinator's own machine too: it would everywhere and always. */
  | 'KERNEL_FAILED'
  /** A coordinator task failed again and again. */
  | 'COORDINATOR_FAILED'
  /** Every commitment is right and every proof verifies, yet the whole does not: a defect of the kernel. */
  | 'UNBALANCED';

export interface JobFailure {
  readonly code: JobFailureCode;
  readonly message: string;
}

/** @param why what of it cannot be read */
export function stateLost(why: string): JobFailure {
  return { code: 'STATE_LOST', message: `what was stored of the job cannot be read: ${why}` };
}
