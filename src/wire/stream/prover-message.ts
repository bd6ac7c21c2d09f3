import { invalidArgument } from '../../domain/errors.js';
import { parseJobId, parseProverId, parseSha256, type Epoch, type JobId, type ProverId } from '../../domain/ids.js';
import type { BusyTime } from '../../domain/job/event.js';
import type { ArtifactRef, RunTotals } from '../../domain/job/job-state.js';
import type { AssignmentId } from '../../domain/session/lease-table.js';
import type { ProverDescription } from '../../domain/session/session.js';
import type { Verdict } from '../../domain/verdict.js';
import {
  ResultVerdict,
  type ArtifactRef as WireArtifact,
  type BusyInterval,
  type HeldGrant,
  type ProverReconnectRequest,
  type ProverRegisterRequest,
  type RunTotals as WireTotals,
} from '../generated/zisk_distributed_api.js';
import type { VerdictWords } from '../verdict.js';

const MAX_COMPUTE_UNITS = 256;

/** What a first message says about its prover. */
export interface Registration {
  readonly description: ProverDescription;
  /** Digest of the prover's kernel; empty from a third-party worker. */
  readonly kernelDigest: string;
  /** Random name of the process; empty where it does not say. */
  readonly instance: string;
  readonly features: ReadonlySet<string>;
  readonly heldAssignments: readonly AssignmentId[];
  /** A new process: what one of before held is gone. */
  readonly restarted: boolean;
}

/** @throws DomainError INVALID_ARGUMENT naming the field */
export function toRegistration(
  message: ProverRegisterRequest | ProverReconnectRequest,
  restarted: boolean,
): Registration {
  const { description: ours } = message;
  const computeUnits = toComputeUnits(message.computeCapacity?.computeUnits ?? 0, 'compute_capacity.compute_units');
  return {
    description: {
      prover: parseProverId(message.proverId, 'prover_id'),
      computeUnits,
      protocol: ours ? 'extended' : 'baseline',
      hostname: ours?.hostname ?? '',
      pid: ours?.pid ?? null,
      softwareVersion: ours?.softwareVersion ?? '',
    },
    kernelDigest: ours?.kernelDigest ?? '',
    instance: ours?.instance ?? '',
    restarted,
    features: new Set(ours?.features),
    heldAssignments: [
      ...toAssignments(ours?.heldGrants ?? []),
      ...(ours?.unacknowledgedResults ?? []).map(toAssignment),
    ],
  };
}

/** @throws DomainError INVALID_ARGUMENT naming the field */
export function toComputeUnits(computeUnits: number, field: string): number {
  if (computeUnits >= 1 && computeUnits <= MAX_COMPUTE_UNITS) return computeUnits;
  throw invalidArgument(field, computeUnits, `a number from 1 to ${MAX_COMPUTE_UNITS}`);
}

export function toAssignments(heldAssignments: readonly HeldGrant[]): AssignmentId[] {
  return heldAssignments.map(toAssignment);
}

export function toAssignment({ jobId, epoch }: { readonly jobId: string; readonly epoch: bigint }): AssignmentId {
  return { job: toJobId(jobId), epoch: toEpoch(epoch) };
}

export function fromAssignment({ job, epoch }: AssignmentId): HeldGrant {
  return { jobId: job, epoch: BigInt(epoch), taskIds: [] };
}

export function toJobId(jobId: string): JobId {
  return parseJobId(jobId, 'job_id');
}

/** @throws DomainError INVALID_ARGUMENT */
export function toEpoch(epoch: bigint): Epoch {
  if (epoch < 1n || epoch > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw invalidArgument('epoch', String(epoch), 'the epoch of an assignment');
  }
  return Number(epoch) as Epoch;
}

/** A prover speaks for itself only. @throws DomainError INVALID_ARGUMENT */
export function checkAuthor(proverId: string, expected: ProverId): void {
  if (proverId !== expected) throw invalidArgument('prover_id', proverId, `${expected}, who this stream belongs to`);
}

/** @throws DomainError INVALID_ARGUMENT */
export function toArtifact({ sha256, size }: WireArtifact, field = 'artifact'): ArtifactRef {
  return { sha256: parseSha256(sha256, `${field}.sha256`), size: Number(size) };
}

export function toTotals(totals: WireTotals | undefined): RunTotals | null {
  return totals ? { segments: totals.segments, cycles: Number(totals.cycles), exitCode: totals.exitCode } : null;
}

const MAX_BUSY_INTERVALS = 64;

export function toBusy(busy: readonly BusyInterval[]): BusyTime {
  return busy.slice(0, MAX_BUSY_INTERVALS).map(({ startMs, endMs }) => [Number(startMs), Number(endMs)] as const);
}

export const VERDICTS: VerdictWords<ResultVerdict> = {
  accepted: ResultVerdict.RESULT_VERDICT_ACCEPTED,
  already_done: ResultVerdict.RESULT_VERDICT_ALREADY_DONE,
  stale: ResultVerdict.RESULT_VERDICT_STALE,
  rejected: ResultVerdict.RESULT_VERDICT_REJECTED,
};

export function fromVerdict(verdict: Verdict): { readonly verdict: ResultVerdict; readonly reason: string } {
  return { verdict: VERDICTS[verdict.kind], reason: 'reason' in verdict ? verdict.reason : '' };
}
