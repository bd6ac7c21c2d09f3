import { mapBounded } from '../lifecycle/map-bounded.js';
import { concatCommitments } from './abi/statement.js';
import { GuestExitError, GuestFailedError } from './guest.error.js';
import type { Kernel } from './kernel.js';
import {
  BOUNDARY_SEGMENT,
  type Contribution,
  type ExecutionLimits,
  type KernelProgress,
  type ProgramRun,
  type ProgramSetup,
  type Statement,
  type VerifiedProof,
} from './kernel.types.js';

export interface LocalProveRequest extends ProgramRun {
  readonly limits: ExecutionLimits;
  /** Kernel calls in flight at once. */
  readonly threads: number;
}

export interface LocalProof {
  readonly proof: Uint8Array;
  readonly verified: VerifiedProof;
  /** Wall time of each phase, in milliseconds. */
  readonly phasesMs: Readonly<Record<Phase, number>>;
}

/** How far a proof is. */
export interface LocalProgress {
  readonly phase: Phase;
  /** 0..1 of the phase. */
  readonly fraction: number;
  /** What is counted, for people: `12/21 segments`. */
  readonly detail?: string;
}

export interface LocalProveOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (step: LocalProgress) => void;
  readonly nowMs: () => number;
}

export type Phase = 'plan' | 'contribution' | 'prove' | 'aggregate' | 'verify';

interface Planned {
  readonly statement: Statement;
  readonly setup: ProgramSetup;
}

/** Proves a program on this machine through the same phases that the network goes through. */
export class LocalProver {
  private readonly phasesMs: Record<Phase, number> = { plan: 0, contribution: 0, prove: 0, aggregate: 0, verify: 0 };
  /** Ends the calls in flight when one of them fails, or as the caller wishes. */
  private readonly ended = new AbortController();
  private readonly signal = this.ended.signal;

  constructor(
    private readonly kernel: Kernel,
    private readonly request: LocalProveRequest,
    private readonly options: LocalProveOptions,
  ) {}

  /**
   * @throws GuestFailedError, GuestExitError where the guest does not end well
   * @throws KernelError
   */
  async prove(): Promise<LocalProof> {
    const { signal } = this.options;
    const end = () => this.ended.abort();
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    return this.run().finally(() => signal.removeEventListener('abort', end));
  }

  private async run(): Promise<LocalProof> {
    const { statement, setup } = await this.timed('plan', () => this.plan());
    const commitments = concatCommitments(await this.timed('contribution', () => this.contribute(statement)));
    const proofs = await this.timed('prove', () => this.proveSegments(statement, commitments));
    // The whole is verified below.
    const aggregation = { statement, commitments, proofs, vk: setup.vk, verifyProofs: false };
    const proof = await this.timed('aggregate', () => this.kernel.aggregate(aggregation, this.single('aggregate')));
    const verified = await this.timed('verify', () => this.verify(proof));
    return { proof, verified, phasesMs: this.phasesMs };
  }

  private async plan(): Promise<Planned> {
    const { elf, input, segmentCycles, limits } = this.request;
    const plan = await this.kernel.plan({ elf, input, segmentCycles, limits, purpose: 'prove' }, this.single('plan'));
    if (plan.outcome === 'failed') throw new GuestFailedError(plan.failure);
    if (plan.statement.exitCode !== 0) throw new GuestExitError(plan.statement);
    return { statement: plan.statement, setup: await this.kernel.setup(elf, { signal: this.signal }) };
  }

  /** Each thread takes every n-th segment in one call, so that the program is run once a thread and not once a segment. */
  private async contribute({ segments: count }: Statement): Promise<Uint8Array[]> {
    const { elf, input, segmentCycles, threads } = this.request;
    const groups = Array.from({ length: Math.min(threads, count + 1) }, (_, first) => everyNth(first, threads, count));
    const show = this.counter('contribution', groups.length);
    const made = await this.all(
      groups.map((segments) => ({ segments })),
      threads,
      ({ segments }, index) =>
        this.kernel.contribute(
          { elf, input, segmentCycles, segments },
          { signal: this.signal, onProgress: show(index) },
        ),
    );
    return inOrder(made.flat());
  }

  private async proveSegments(statement: Statement, commitments: Uint8Array): Promise<Uint8Array[]> {
    const { elf, input, segmentCycles, threads } = this.request;
    const segments = everyNth(BOUNDARY_SEGMENT, 1, statement.segments);
    const show = this.counter('prove', segments.length, 'segments');
    return this.all(segments, threads, async (segment) => {
      const request = { elf, input, segmentCycles, statement, commitments, segment };
      return (await this.kernel.prove(request, { signal: this.signal, onProgress: show(segment) })).proof;
    });
  }

  private verify(proof: Uint8Array): Promise<VerifiedProof> {
    return this.kernel.verify({ proof, expected: { elf: this.request.elf } }, this.single('verify'));
  }

  private async timed<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    const begun = this.options.nowMs();
    this.options.onProgress({ phase, fraction: 0 });
    const result = await work();
    this.options.onProgress({ phase, fraction: 1 });
    this.phasesMs[phase] = Math.round(this.options.nowMs() - begun);
    return result;
  }

  /** Options of the one call of a phase. */
  private single(phase: Phase): { signal: AbortSignal; onProgress: (progress: KernelProgress) => void } {
    return {
      signal: this.signal,
      onProgress: ({ fraction }) => this.options.onProgress({ phase, fraction: Math.min(fraction, ALMOST) }),
    };
  }

  /** Adds up the progress of many calls of one phase. A call's kernel phases count as one run from 0 to 1. */
  private counter(phase: Phase, total: number, what?: string): (index: number) => (progress: KernelProgress) => void {
    const fractions = Array.from({ length: total }, () => 0);
    return (index) => (progress) => {
      fractions[index] = Math.max(fractions[index] ?? 0, MAIN_PHASES.has(progress.phase) ? progress.fraction : 0);
      const sum = fractions.reduce((a, b) => a + b, 0);
      const done = fractions.filter((fraction) => fraction >= 1).length;
      const fraction = Math.min(sum / total, ALMOST);
      this.options.onProgress({ phase, fraction, ...(what && { detail: `${done}/${total} ${what}` }) });
    };
  }

  private async all<T, R>(
    items: readonly T[],
    width: number,
    work: (item: T, index: number) => Promise<R>,
  ): Promise<R[]> {
    try {
      return await mapBounded(items, width, work);
    } catch (error) {
      this.ended.abort();
      throw error;
    }
  }
}

/** A phase is shown as done only when it is. */
const ALMOST = 0.999;
/** The parts of a call that take its time. */
const MAIN_PHASES: ReadonlySet<string> = new Set(['contribute', 'prove']);

function everyNth(first: number, step: number, last: number): number[] {
  return Array.from({ length: Math.ceil((last + 1 - first) / step) }, (_, index) => first + index * step);
}

function inOrder(contributions: readonly Contribution[]): Uint8Array[] {
  return [...contributions].sort((a, b) => a.segment - b.segment).map(({ commitment }) => commitment);
}
