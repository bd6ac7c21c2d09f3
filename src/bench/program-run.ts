import { KernelError } from '../kernel/kernel.error.js';
import { concatCommitments } from '../kernel/abi/statement.js';
import type { Kernel, KernelCallOptions } from '../kernel/kernel.js';
import { BOUNDARY_SEGMENT, type ProveRequest, type Statement } from '../kernel/kernel.types.js';
import type { BenchProgram } from './programs.js';

const LIMITS = { maxCycles: 2n ** 32n, maxMemoryBytes: 2 ** 31, maxOutputBytes: 2 ** 20 };

/** A measured program cut into segments. */
export class ProgramRun {
  readonly run;

  constructor(
    private readonly program: BenchProgram,
    segmentCycles: number,
  ) {
    this.run = { elf: program.elf, input: program.input, segmentCycles };
  }

  /**
   * Runs without proving.
   * @throws KernelError `guest_failed` where the run is not the recorded one
   */
  async plan(kernel: Kernel, purpose: 'execute' | 'prove', options: KernelCallOptions): Promise<Statement> {
    const { name, cycles: recorded } = this.program;
    const limits = recorded === undefined ? LIMITS : { ...LIMITS, maxCycles: BigInt(recorded) };
    const plan = await kernel.plan({ ...this.run, limits, purpose }, options);
    if (plan.outcome === 'failed') throw new KernelError('guest_failed', plan.failure.message);
    const { cycles } = plan.statement;
    if (recorded === undefined || cycles === BigInt(recorded)) return plan.statement;
    const message = `${name} ran ${cycles} cycles where guests/expected.json has ${recorded}`;
    throw new KernelError('guest_failed', message);
  }

  /** The commitments of the boundary and of all segments. */
  async contribute(kernel: Kernel, statement: Statement, options: KernelCallOptions): Promise<Uint8Array> {
    const found = await kernel.contribute({ ...this.run, segments: segmentsOf(statement) }, options);
    return concatCommitments(found.map(({ commitment }) => commitment));
  }

  /** What proves the boundary and all segments, one after another. */
  requests(statement: Statement, commitments: Uint8Array): ProveRequest[] {
    return segmentsOf(statement).map((segment) => ({ ...this.run, statement, commitments, segment }));
  }
}

function segmentsOf({ segments }: Statement): number[] {
  return Array.from({ length: segments + 1 }, (_, index) => BOUNDARY_SEGMENT + index);
}
