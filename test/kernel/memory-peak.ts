import { KernelService } from '../../src/kernel/kernel.service.js';
import { BOUNDARY_SEGMENT, type PlanResult } from '../../src/kernel/kernel.types.js';

const BUILT_THREAD = new URL('../../dist/kernel/threads/kernel.worker.js', import.meta.url);

/** A program without an input, and how it is cut. */
export interface Measured {
  readonly elf: Uint8Array;
  readonly segmentCycles: number;
  readonly maxMemoryBytes?: number;
  readonly parts?: readonly number[];
}

export interface Peak {
  /** What the plan says that the kernel takes at most. */
  readonly planned: number;
  /** What the instance had at the end, which never gives memory back. */
  readonly taken: number;
}

/** Plans a run; resolves to what a kernel answers that has done nothing before. */
export async function planOf({ elf, segmentCycles, maxMemoryBytes = 512 << 20 }: Measured): Promise<PlanResult> {
  const kernel = new KernelService({ threads: 1, threadEntry: BUILT_THREAD });
  const limits = { maxCycles: 2n ** 32n, maxMemoryBytes, maxOutputBytes: 1 << 20 };
  try {
    return await kernel.plan({ elf, input: new Uint8Array(), segmentCycles, limits, purpose: 'prove' });
  } finally {
    kernel.close();
  }
}

/** Contributes and proves parts of a run (the first segment and the boundary) in one instance, as a prover's thread does. */
export async function peakOf(measured: Measured): Promise<Peak> {
  const plan = await planOf(measured);
  if (plan.outcome === 'failed') throw new Error(plan.failure.message);
  const { statement, memoryBytes } = plan;
  const { elf, segmentCycles, parts = [1, BOUNDARY_SEGMENT] } = measured;
  const run = { elf, input: new Uint8Array(), segmentCycles };
  const kernel = new KernelService({ threads: 1, threadEntry: BUILT_THREAD });
  try {
    const segments = Array.from({ length: statement.segments + 1 }, (_, segment) => segment);
    const made = await kernel.contribute({ ...run, segments });
    const commitments = Buffer.concat(made.map(({ commitment }) => commitment));
    for (const segment of parts) await kernel.prove({ ...run, statement, commitments, segment });
    return { planned: Number(memoryBytes), taken: kernel.usage().memoryBytes };
  } finally {
    kernel.close();
  }
}
