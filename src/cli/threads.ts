import { availableParallelism, totalmem } from 'node:os';

/** Memory a proving thread needs at the default segment size, in bytes. */
const BYTES_PER_THREAD = 1.25 * 2 ** 30;
/** Fraction of the machine's memory that proving may take. */
const MEMORY_FRACTION = 0.8;

/** As many threads as the machine has CPUs and memory for. */
export function defaultThreads(): number {
  const byMemory = Math.floor((totalmem() * MEMORY_FRACTION) / BYTES_PER_THREAD);
  return Math.max(1, Math.min(availableParallelism(), byMemory));
}
