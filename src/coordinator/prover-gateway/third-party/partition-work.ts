import type { Logger } from '@nestjs/common';
import { ContentError, type ContentErrorCode } from '../../../content/content.error.js';
import type { Commitment } from '../../../domain/ids.js';
import type { AssignmentContent } from '../../../domain/job/effect.js';
import { segmentOf, taskKey, type TaskRef } from '../../../domain/job/task.js';
import type { ReportedResult } from '../../../domain/job/reported-result.js';
import type { Verdict } from '../../../domain/verdict.js';
import { pause } from '../../../lifecycle/pause.js';
import type { Timers } from '../../../lifecycle/timers.js';
import { errorMessage } from '../../../lifecycle/system-error.js';
import type { ExecuteTaskResponse } from '../../../wire/generated/zisk_distributed_api.js';
import {
  aggregateRequest,
  contributionRequest,
  finalProofIn,
  commitmentsIn,
  MalformedResult,
  proofsIn,
  proveRequest,
  segmentsOfUnits,
  unitsOf,
} from '../../../wire/stream/published.js';
import type { ProverReports } from '../sessions/prover-reports.js';
import { WorkerFailure, RequestAbandoned, type WorkerRequests } from './worker-requests.js';
import type { ThirdPartyWorkers } from './third-party-workers.js';

/** A result that cannot be taken now is reported again after so long: the worker itself never repeats one. */
const REPORT_AGAIN_MS = 1_000;

export interface PartitionTools {
  readonly requests: WorkerRequests;
  readonly workers: ThirdPartyWorkers;
  readonly reports: ProverReports;
  readonly timers: Timers;
  readonly log: Logger;
  /** Counts a failure of the worker; true where it has failed before, and so cannot be expected to do better. */
  readonly noteFailure: () => boolean;
  /** The partition was given back for a reason on this side; the worker should not get it again at once. */
  readonly onHandedBack: () => void;
}

/**
 * Works off one assignment with a third-party worker. The worker proves only what it contributed last, so a partition
 * that it takes over, or begins anew, starts with a contribution whose commitments are compared with those of the challenge.
 */
export class PartitionWork {
  private readonly units: readonly number[];
  private readonly wanted: Map<number, TaskRef>;
  private readonly deliveries: Promise<void>[] = [];
  private readonly stopping = new AbortController();

  constructor(
    private readonly assignment: AssignmentContent,
    private readonly tools: PartitionTools,
  ) {
    this.units = unitsOf(assignment);
    this.wanted = new Map(assignment.tasks.map((ref) => [segmentOf(ref) ?? AGGREGATION, ref]));
  }

  get job(): AssignmentContent['job'] {
    return this.assignment.job;
  }

  get epoch(): AssignmentContent['epoch'] {
    return this.assignment.epoch;
  }

  private get isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Ends when every task is answered, given back or not wanted any more. Never rejects. */
  async run(): Promise<void> {
    try {
      await this.work();
      await Promise.all(this.deliveries);
    } catch (error) {
      if (!this.isStopped && !(error instanceof RequestAbandoned)) await this.giveUp(error);
    }
  }

  /** These tasks, or all where none is named, are not wanted any more. True where nothing is left. */
  drop(tasks: readonly TaskRef[]): boolean {
    if (tasks.length === 0) this.wanted.clear();
    for (const ref of tasks) this.wanted.delete(segmentOf(ref) ?? AGGREGATION);
    return this.wanted.size === 0;
  }

  stop(): void {
    this.stopping.abort();
    this.wanted.clear();
  }

  private async work(): Promise<void> {
    switch (this.assignment.phase) {
      case 'contribute':
        for (const [segment, commitment] of await this.contribute()) {
          this.deliver(segment, reportedCommitment(commitment));
        }
        return;
      case 'prove':
        if (await this.isReady()) await this.prove();
        return;
      case 'aggregate':
        if (await this.isReady()) await this.aggregate();
    }
  }

  /** The commitments of the whole partition. */
  private async contribute(): Promise<ReadonlyMap<number, Commitment>> {
    const path = await this.tools.workers.inputPath(this.assignment.input);
    if (this.isStopped) throw new RequestAbandoned('the assignment has ended');
    let commitments: ReadonlyMap<number, Commitment> = new Map();
    await this.tools.requests.ask(contributionRequest(this.assignment, path), (answer) => {
      const found = this.commitmentsOf(answer);
      commitments = found ?? commitments;
      return found !== null;
    });
    this.tools.requests.contributed(this.job, this.units);
    return commitments;
  }

  /** Null for an answer that may belong to a request taken back before. */
  private commitmentsOf(answer: ExecuteTaskResponse): ReadonlyMap<number, Commitment> | null {
    const expected = segmentsOfUnits(this.assignment, this.units);
    const commitments = commitmentsIn(answer);
    const missing = expected.find((segment) => !commitments.has(segment));
    if (missing === undefined && commitments.size === expected.length) return commitments;
    if (this.tools.requests.isDoubtful) return null;
    throw new MalformedResult(
      `${commitments.size} commitments came for the ${expected.length} segments of units ${this.units.join(', ')}`,
    );
  }

  /** False where the worker makes other commitments than the challenge is bound to: that is resolved first. */
  private async isReady(): Promise<boolean> {
    if (this.tools.requests.hasContributed(this.job, this.units)) return true;
    const commitments = await this.contribute();
    const differing = [...commitments].filter(
      ([segment, commitment]) => this.assignment.commitments[segment] !== commitment,
    );
    for (const [segment, commitment] of differing) this.deliver(segment, reportedCommitment(commitment));
    return differing.length === 0;
  }

  /** A message has a limit, so that a partition's proofs may come in several answers. */
  private async prove(): Promise<void> {
    const partition = new Set<number>(segmentsOfUnits(this.assignment, this.units));
    await this.tools.requests.ask(proveRequest(this.assignment), (answer) => {
      for (const [segment, proof] of proofsIn(answer)) {
        if (!partition.has(segment)) throw new MalformedResult(`segment ${segment} is not of this partition`);
        this.deliverProof(segment, proof);
      }
      return this.wanted.size === 0;
    });
  }

  /** One message for the proofs of each unit; the answer to the last is the final proof. */
  private async aggregate(): Promise<void> {
    const { proofs, allocation } = this.assignment;
    const units = [...allocation.keys()].filter((unit) => unit < proofs.length);
    for (const unit of units) {
      const set = [];
      for (const [segment, proof] of proofs.entries()) {
        if (segment % allocation.length === unit) set.push({ segment, bytes: await this.tools.workers.read(proof) });
      }
      const isLast = unit === units.at(-1);
      await this.tools.requests.ask(aggregateRequest(this.assignment, set, isLast), (answer) => {
        if (isLast) this.deliverProof(AGGREGATION, finalProofIn(answer));
        return true;
      });
    }
  }

  private deliverProof(segment: number, proof: Uint8Array): void {
    const stored = async (): Promise<ReportedResult> => ({
      kind: 'artifact',
      artifact: await this.tools.workers.store(proof),
    });
    this.deliver(segment, stored);
  }

  /** Reports a result once; of a task that is not wanted it says nothing. */
  private deliver(segment: number, result: () => Promise<ReportedResult>): void {
    const task = this.wanted.get(segment);
    if (!task) return;
    this.wanted.delete(segment);
    this.deliveries.push(result().then((found) => this.report(task, found)));
    // Failures are dealt with when the work ends; until then they are no unhandled rejections.
    this.deliveries.at(-1)?.catch(() => undefined);
  }

  private async report(task: TaskRef, result: ReportedResult): Promise<void> {
    const { prover, epoch } = this.assignment;
    const verdict = await this.judged(() => this.tools.reports.result(this.job, { prover, epoch, task }, result));
    if (verdict?.kind !== 'rejected') return;
    this.tools.log.warn({ message: 'result refused', prover, job: this.job, task: taskKey(task), ...verdict });
  }

  /** Reports until it is judged, or not wanted any more. */
  private async judged(report: () => Promise<Verdict | null>): Promise<Verdict | null> {
    while (!this.isStopped) {
      const verdict = await report();
      if (verdict) return verdict;
      await pause(this.tools.timers, REPORT_AGAIN_MS, this.stopping.signal);
    }
    return null;
  }

  private async giveUp(error: unknown): Promise<void> {
    const { prover, epoch, phase, job } = this.assignment;
    const reason = errorMessage(error);
    this.tools.log.warn({ message: 'partition not done', prover, job, phase, reason });
    const tasks = [...this.wanted.values()];
    if (error instanceof MalformedResult && tasks[0]) return this.report(tasks[0], { kind: 'malformed', reason });
    const reporter = { job, prover, epoch };
    const refusal = error instanceof ContentError ? REFUSALS[error.code] : undefined;
    if (refusal) {
      const failure = { tasks, ...refusal, reason: `${refusal.code}: ${reason}` };
      await this.judged(() => this.tools.reports.failure(reporter, failure));
      return;
    }
    if (error instanceof WorkerFailure) {
      const retryable = !this.tools.noteFailure();
      await this.judged(() => this.tools.reports.failure(reporter, { tasks, reason, retryable }));
      return;
    }
    this.tools.onHandedBack();
    await this.judged(() => this.tools.reports.handBack(reporter));
  }
}

/** What the coordinator's own store says that another try does not change. */
const REFUSALS: Readonly<Partial<Record<ContentErrorCode, { readonly code: string; readonly retryable: boolean }>>> = {
  missing: { code: 'artifact_missing', retryable: true },
  corrupt: { code: 'artifact_missing', retryable: true },
  too_large: { code: 'artifact_too_large', retryable: false },
};

/** Stands for the segment of the one task that has none. */
const AGGREGATION = -1;

function reportedCommitment(commitment: Commitment): () => Promise<ReportedResult> {
  return () => Promise.resolve({ kind: 'commitment', commitment, totals: null });
}
