// What a plan accepts is proven by the kernel as it ships, in 32 bits: minutes of proving, gigabytes of memory.
import { BOUNDARY_SEGMENT } from '../../src/kernel/kernel.types.js';
import { callsOf, KECCAK, mixture, SHA256, touches } from '../kernel/executable.js';
import { type Measured, peakOf, planOf } from '../kernel/memory-peak.js';

const SEGMENT_CYCLES = 262_143;

/** Runs at a limit, or as large as they can be. */
const AT_THE_LIMIT: readonly (readonly [what: string, run: Measured])[] = [
  ['2,730 calls of Keccak', { elf: callsOf([[KECCAK, 2730]]), segmentCycles: SEGMENT_CYCLES }],
  ['8,192 calls of SHA-256', { elf: callsOf([[SHA256, 8192]]), segmentCycles: SEGMENT_CYCLES }],
  [
    '2,730 calls of Keccak and 4,096 of SHA-256',
    { elf: callsOf([[KECCAK, 2730], [SHA256, 4096]]), segmentCycles: SEGMENT_CYCLES }, // prettier-ignore
  ],
  ['1,048,007 cycles with the widest rows', { elf: mixture(10_480), segmentCycles: 1_048_575 }],
  ['as many words as a proof has', { elf: touches(1_048_000, 8), segmentCycles: SEGMENT_CYCLES }],
  [
    'as many pages as 512 MiB',
    { elf: touches(131_000, 4096), segmentCycles: SEGMENT_CYCLES, parts: [BOUNDARY_SEGMENT] },
  ],
  [
    'as many pages as are accepted',
    {
      elf: touches(390_000, 4096),
      segmentCycles: SEGMENT_CYCLES,
      maxMemoryBytes: 2 ** 31,
      parts: [BOUNDARY_SEGMENT],
    },
  ],
];

it.each(AT_THE_LIMIT)('a plan accepts %s, and the kernel has the memory for it', async (what, run) => {
  const { planned, taken } = await peakOf(run);
  process.stdout.write(`${what}: ${mebibytes(taken)} MiB, planned ${mebibytes(planned)}\n`);
  expect(taken).toBeLessThanOrEqual(planned);
});

it.each([
  ['2,731 calls of Keccak', callsOf([[KECCAK, 2731]]), 'keccak_calls_per_segment'],
  ['8,193 calls of SHA-256', callsOf([[SHA256, 8193]]), 'sha256_calls_per_segment'],
  ['2,730 and 4,097 of both', callsOf([[KECCAK, 2730], [SHA256, 4097]]), 'kernel_memory_bytes'], // prettier-ignore
])('a plan refuses %s', async (_what, elf, limit) => {
  const refused = planOf({ elf, segmentCycles: SEGMENT_CYCLES });
  await expect(refused).rejects.toMatchObject({ code: 'limit_exceeded', details: { limit } });
});

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
