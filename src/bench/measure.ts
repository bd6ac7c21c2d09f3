import { createHash } from 'node:crypto';
import { KernelError } from '../kernel/kernel.error.js';
import {
  type LogHeights,
  BOUNDARY_SEGMENT,
  type ProveRequest,
  type SegmentProof,
  type Statement,
} from '../kernel/kernel.types.js';
import type { MeteredKernel } from './metered-kernel.js';
import { ProgramRun } from './program-run.js';
import type { BenchProgram } from './programs.js';

export interface MeasureOptions {
  readonly segmentCycles: number;
  readonly signal: AbortSignal;
  /** Takes one line about each step. */
  readonly onStep: (step: string) => void;
  /** Default: the process's clock. */
  readonly nowMs?: () => number;
}

/** What one build of the kernel did with one program. */
export interface Measurement {
  /** What the build was made for. */
  readonly target: string;
  readonly statement: Statement;
  /** Best of several runs without proving, by the kernel's own clock. */
  readonly emulatorMHz: number;
  readonly setupMs: number;
  /** Contribution and proofs of all segments and of the boundary, in milliseconds. */
  readonly proofMs: number;
  /** The same as CPU time, where the system tells: what other load on the machine changes least. */
  readonly proofCpuMs: number | undefined;
  /** `contribute` and `prove` of all calls; the rest are parts of `prove`. */
  readonly phasesMs: Readonly<Record<string, number>>;
  readonly peakBytes: number | undefined;
  /** Segment 1, warm, best of several. */
  readonly verifyMs: number;
  /** Bytes of the largest segment proof. */
  readonly segmentProofBytes: number;
  /** Heights of every segment proof, boundary not included. */
  readonly logHeights: readonly LogHeights[];
  /** Digest over all proofs: builds that differ in it do not make the same bytes. */
  readonly proofsDigest: string;
}

const EMULATOR_RUNS = 5;
const VERIFY_RUNS = 3;
const CYCLES_PER_MS_AND_MHZ = 1000;

/**
 * Proves a program on one kernel through the calls a prover makes, and measures each.
 * @throws KernelError `guest_failed` where the run is not the recorded one
 */
export function measure(metered: MeteredKernel, program: BenchProgram, options: MeasureOptions): Promise<Measurement> {
  return new MeasuredRun(metered, program, options).measure();
}

class MeasuredRun {
  private readonly nowMs: () => number;
  private readonly run: ProgramRun;

  constructor(
    private readonly metered: MeteredKernel,
    private readonly program: BenchProgram,
    private readonly options: MeasureOptions,
  ) {
    this.nowMs = options.nowMs ?? (() => performance.now());
    this.run = new ProgramRun(program, options.segmentCycles);
  }

  async measure(): Promise<Measurement> {
    const { kernel, peakBytes, target } = this.metered;
    const emulatorMHz = await this.emulate();
    const setup = await this.timed('setup', () => kernel.setup(this.program.elf, this.call));
    const statement = await this.run.plan(kernel, 'prove', this.call);
    const proven = await this.prove(statement);
    const segments = proven.proofs.slice(1);
    const verifyMs = await this.verify(setup.result.vk, proven.requests[1], segments[0]);
    const { proofs, requests: _, ...times } = proven;
    return {
      target: target(),
      statement,
      emulatorMHz,
      setupMs: setup.ms,
      ...times,
      peakBytes: peakBytes(),
      verifyMs,
      segmentProofBytes: Math.max(...segments.map(({ proof }) => proof.length)),
      logHeights: segments.map(({ logHeights }) => logHeights),
      proofsDigest: digestOf(proofs),
    };
  }

  private get call(): { signal: AbortSignal } {
    return { signal: this.options.signal };
  }

  /** Runs without proving, and finds the fastest. */
  private async emulate(): Promise<number> {
    this.options.onStep('execute');
    const rates: number[] = [];
    for (let i = 0; i < EMULATOR_RUNS; i++) rates.push(await this.emulateOnce());
    return Math.max(...rates);
  }

  private async emulateOnce(): Promise<number> {
    const marks: number[] = [];
    const onProgress = ({ atMs }: { atMs?: number }) => void marks.push(atMs ?? this.nowMs());
    const begun = this.nowMs();
    const { cycles } = await this.run.plan(this.metered.kernel, 'execute', { ...this.call, onProgress });
    const [first = begun] = marks;
    const last = marks.at(-1) ?? this.nowMs();
    return Number(cycles) / CYCLES_PER_MS_AND_MHZ / (last - first);
  }

  /** Contribution and all proofs, one after another. */
  private async prove(statement: Statement) {
    const { kernel, cpuMs, parts } = this.metered;
    const cpuBefore = cpuMs();
    const made = await this.timed('contribute', () => this.run.contribute(kernel, statement, this.call));
    const requests = this.run.requests(statement, made.result);
    const proofs: SegmentProof[] = [];
    let proveMs = 0;
    for (const request of requests) {
      const label = request.segment === BOUNDARY_SEGMENT ? 'boundary' : `${request.segment}/${statement.segments}`;
      const { result, ms } = await this.timed(`prove ${label}`, () => kernel.prove(request, this.call));
      proofs.push(result);
      proveMs += ms;
    }
    const cpuAfter = cpuMs();
    const proofCpuMs = cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore;
    const phasesMs = phases(made.ms, proveMs, parts.drain());
    return { proofs, requests, proofMs: made.ms + proveMs, proofCpuMs, phasesMs };
  }

  private async verify(vk: Uint8Array, request?: ProveRequest, made?: SegmentProof): Promise<number> {
    if (!request || !made) throw new KernelError('protocol', 'the kernel planned a run without segments');
    const { statement, commitments, segment } = request;
    const verify = () =>
      this.metered.kernel.verifySegment({ statement, commitments, segment, vk, proof: made.proof }, this.call);
    // The first one warms up.
    await this.timed('verify', verify);
    const times: number[] = [];
    for (let i = 0; i < VERIFY_RUNS; i++) times.push((await this.timed(undefined, verify)).ms);
    return Math.min(...times);
  }

  private async timed<T>(step: string | undefined, work: () => Promise<T>): Promise<{ result: T; ms: number }> {
    if (step !== undefined) this.options.onStep(step);
    const begun = this.nowMs();
    const result = await work();
    return { result, ms: this.nowMs() - begun };
  }
}

/** What the parts leave of `prove`: the boundary's run and trace, running up to the segment, encoding, the host. */
function phases(contribute: number, prove: number, parts: Record<string, number>): Record<string, number> {
  const known = Object.values(parts).reduce((sum, ms) => sum + ms, 0);
  return { contribute, prove, ...parts, other: Math.max(0, prove - known) };
}

function digestOf(proofs: readonly SegmentProof[]): string {
  const hash = createHash('sha256');
  for (const { proof } of proofs) hash.update(proof);
  return hash.digest('hex');
}
