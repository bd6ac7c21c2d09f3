import { guestFailed } from '../../src/cli/guest-failure.js';
import { KernelService } from '../../src/kernel/kernel.service.js';
import type { Execution, PlanRequest, PlanResult } from '../../src/kernel/kernel.types.js';
import { EXIT, executable, HEADER_BYTES } from './executable.js';
import { guestFile } from './guests.js';

const BUILT_THREAD = new URL('../../dist/kernel/threads/kernel.worker.js', import.meta.url);
const LIMITS = { maxCycles: 100_000_000n, maxMemoryBytes: 512 << 20, maxOutputBytes: 1 << 20 };
const MIB_WORDS = 2 ** 17;

const kernel = new KernelService({ threads: 1, threadEntry: BUILT_THREAD });

afterAll(() => kernel.close());

function plan(elf: Uint8Array, purpose: PlanRequest['purpose'], input = new Uint8Array()): Promise<PlanResult> {
  return kernel.plan({ elf, input, segmentCycles: 262_143, limits: LIMITS, purpose });
}

async function halted(result: Promise<PlanResult>): Promise<Execution> {
  const run = await result;
  if (run.outcome === 'failed') throw new Error(run.failure.message);
  return run;
}

describe('a run over a limit of the proof system', () => {
  const input = new Uint8Array(20 << 20).fill(1);

  it.each([
    ['touches 9 MiB', guestFile('tests/limits/elf/touch.elf'), new Uint8Array(), 9 * MIB_WORDS],
    ['reads 20 MiB of input', guestFile('tests/limits/elf/sum-input.elf'), input, 20 * MIB_WORDS],
  ])('[case: memory-over-limit] %s: runs, and is refused by the plan', async (_what, elf, given, words) => {
    await expect(halted(plan(elf, 'execute', given))).resolves.toMatchObject({ statement: { exitCode: 0 } });
    const error: unknown = await plan(elf, 'prove', given).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'limit_exceeded',
      details: { limit: 'memory_words', allowed: String(8 * MIB_WORDS - 32) },
      message: expect.stringMatching(/words of memory .* at most 1048544 \(8 MiB\) can be proven: touch less memory/),
    });
    const { value } = (error as { details: { value: string } }).details;
    expect(Number(value)).toBeGreaterThan(words);
    expect(Number(value)).toBeLessThan(words + 64);
  });

  it('says of a run below them how much its proof has to carry', async () => {
    const some = new Uint8Array(64);
    const sum = guestFile('tests/limits/elf/sum-input.elf');
    const { wordsTouched, acceleratorCalls, proofBytes } = await halted(plan(sum, 'prove', some));
    // Length and words of the input, length and word of the output, and the program's own.
    expect(wordsTouched).toBe(9n + 2n + BigInt(textWords(sum)));
    expect(acceleratorCalls).toBe(0n);
    expect(Number(proofBytes)).toBeGreaterThan(1_500_000);
    expect(Number(proofBytes)).toBeLessThan(2_500_000);
    await expect(halted(plan(sum, 'execute', some))).resolves.toMatchObject({ proofBytes: undefined });
  });
});

describe('a run that fails', () => {
  it('[case: failed-cycles] says how many instructions it retired, on the command line as well', async () => {
    // Four instructions before the one that traps.
    const run = await plan(executable([ADDI, ADDI, ADDI, ADDI, 0]), 'execute');
    if (run.outcome === 'halted') throw new Error('it halted');
    expect(run.failure).toMatchObject({ code: 'ILLEGAL_INSTRUCTION', cycles: 4n });
    expect(guestFailed(run.failure).details).toMatchObject({ reason: 'ILLEGAL_INSTRUCTION', cycles: 4n });
  });
});

describe('a large program', () => {
  const most = 2 ** 20;
  const constants = new Uint8Array(1 << 20).fill(7);

  it('[case: text-limit] has 2^20 instructions beside its constants', async () => {
    const text = Array.from({ length: most }, () => ADDI);
    text.splice(most - EXIT.length, EXIT.length, ...EXIT);
    const { statement } = await halted(plan(executable(text, { bytes: constants }), 'execute'));
    expect(statement).toMatchObject({ exitCode: 0, cycles: BigInt(most) });
    const tooLarge = plan(executable([...text, ADDI], { bytes: constants }), 'execute');
    await expect(tooLarge).rejects.toMatchObject({
      code: 'invalid_elf',
      message: expect.stringContaining('1048577 instruction slots of 4 bytes, the limit is 1048576'),
    });
  });
});

/** addi t0, t0, 1 */
const ADDI = 0x0012_8293;

/** Words of an executable's first segment. */
function textWords(elf: Uint8Array): number {
  const view = new DataView(elf.buffer, elf.byteOffset);
  return Math.ceil(Number(view.getBigUint64(HEADER_BYTES + 32, true)) / 8);
}
