import type {
  AggregateRequest,
  ChallengeRequest,
  ContributeRequest,
  Contribution,
  KernelInfo,
  KernelProgress,
  KernelTables,
  PlanRequest,
  PlanResult,
  ProgramSetup,
  ProveRequest,
  SegmentProof,
  SegmentVerdict,
  VerifiedProof,
  VerifyRequest,
  VerifySegmentRequest,
} from './kernel.types.js';

/** How a call is run; none of it changes the result. */
export interface KernelCallOptions {
  /** Ends the call with `KernelError` code `aborted`, at once, by ending the thread that runs it. */
  readonly signal?: AbortSignal;
  /** Called while the call runs, at most a few times a second. */
  readonly onProgress?: (progress: KernelProgress) => void;
  /** Longest time on a thread, in milliseconds; over it the call ends with code `timeout`. Default: none. */
  readonly timeoutMs?: number;
}

/**
 * The proving kernel as the rest of the product sees it, and its injection token.
 *
 * Every call is deterministic in its request: same bytes on every machine, with any number of threads.
 * A call rejects with `KernelError` and nothing else; a call that rejects leaves the kernel usable.
 */
export abstract class Kernel {
  abstract info(options?: KernelCallOptions): Promise<KernelInfo>;

  /** Sizes of all tables and every term of the provable security. */
  abstract tables(options?: KernelCallOptions): Promise<KernelTables>;

  /** Decodes the ELF and derives its verifying key. */
  abstract setup(elf: Uint8Array, options?: KernelCallOptions): Promise<ProgramSetup>;

  /** Runs the program once under limits. A guest that fails is a result, not an error. */
  abstract plan(request: PlanRequest, options?: KernelCallOptions): Promise<PlanResult>;

  /** Commits to the asked segments' cross-segment tables; one commitment per segment, in the order asked. */
  abstract contribute(request: ContributeRequest, options?: KernelCallOptions): Promise<Contribution[]>;

  /** Derives the job's challenge from the statement and all commitments in order. */
  abstract challenge(request: ChallengeRequest, options?: KernelCallOptions): Promise<Uint8Array>;

  /** Proves one segment, or the boundary, under the challenge of the given commitments. */
  abstract prove(request: ProveRequest, options?: KernelCallOptions): Promise<SegmentProof>;

  /** Checks all segment proofs and joins them into the final proof. */
  abstract aggregate(request: AggregateRequest, options?: KernelCallOptions): Promise<Uint8Array>;

  /** Verifies one segment proof against its commitment and challenge. */
  abstract verifySegment(request: VerifySegmentRequest, options?: KernelCallOptions): Promise<SegmentVerdict>;

  /** Verifies a final proof; rejects with `verification_failed` or `invalid_proof` naming the rule it breaks. */
  abstract verify(request: VerifyRequest, options?: KernelCallOptions): Promise<VerifiedProof>;
}
