import { callsOf, KECCAK, mixture, SHA256, touches } from './executable.js';
import { peakOf } from './memory-peak.js';

const SEGMENT_CYCLES = 262_143;
const PROVE_MS = 300_000;

describe('what a plan says of the memory that a proof takes', () => {
  it.each([
    ['calls of Keccak', callsOf([[KECCAK, 42]])],
    ['calls of SHA-256', callsOf([[SHA256, 64]])],
    ['words side by side', touches(8000, 8)],
    ['one word on each page', touches(3000, 4096)],
    ['rows of many columns', mixture(80)],
  ])('is enough, and not much too much: %s', async (_what, elf) => {
    const { planned, taken } = await peakOf({ elf, segmentCycles: SEGMENT_CYCLES });
    expect(taken).toBeLessThanOrEqual(planned);
    expect(planned).toBeLessThan(3 * taken);
  }, PROVE_MS);
});
