import { KernelService } from '../../src/kernel/kernel.service.js';
import type { ExecutionLimits, PlanResult } from '../../src/kernel/kernel.types.js';
import { guestCases, guestFile, guestInput, type GuestCase } from '../kernel/guests.js';
import { withInputLength } from './bent-input.js';

const BUILT_THREAD = new URL('../../dist/kernel/threads/kernel.worker.js', import.meta.url);

const LIMITS: ExecutionLimits = { maxCycles: 40_000_000n, maxMemoryBytes: 64 << 20, maxOutputBytes: 1 << 20 };

/** What the SDKs exit with when they refuse to go on. */
const EXIT_ABORT = 134;
const EXIT_PANIC = 101;

const MAX_INPUT = 256n << 20n;

const kernel = new KernelService({ threads: 1, threadEntry: BUILT_THREAD });

afterAll(() => kernel.close());

function execute(elf: Uint8Array, input: Uint8Array = new Uint8Array()): Promise<PlanResult> {
  return kernel.plan({ elf, input, segmentCycles: 65_536, limits: LIMITS, purpose: 'execute' });
}

function run(guest: GuestCase): Promise<PlanResult> {
  return execute(guestFile(guest.elf), guestInput(guest));
}

/** The recorded runs of some guests, each with its own inputs. */
function casesOf(...names: readonly string[]): GuestCase[] {
  const cases = guestCases('tests/cases').filter(({ elf }) => names.some((name) => elf.endsWith(`/${name}.elf`)));
  expect(new Set(cases.map(({ elf }) => elf)).size).toBe(names.length);
  return cases;
}

async function expectAsRecorded(...names: readonly string[]): Promise<void> {
  for (const guest of casesOf(...names)) {
    const result = await run(guest);
    if (result.outcome === 'failed') throw new Error(`${guest.name}: ${result.failure.code}`);
    const { exitCode, output, cycles } = result.statement;
    const shown = { exitCode, output: Buffer.from(output).toString('hex'), instructions: Number(cycles) };
    expect({ name: guest.name, ...shown }).toEqual({
      name: guest.name,
      exitCode: guest.exitCode,
      output: guest.output,
      instructions: guest.instructions,
    });
  }
}

/** How the machine ends the recorded runs of some guests: code and message. */
async function ends(...names: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const guest of casesOf(...names)) {
    const result = await run(guest);
    found.push(result.outcome === 'failed' ? `${result.failure.code} ${result.failure.message}` : 'halted');
  }
  return found;
}

/** What a guest that shows the length of its input does when that is said to be `length`. */
async function shownLength(elf: string, length: bigint): Promise<{ exitCode: number; length: bigint | null }> {
  const result = await execute(withInputLength(guestFile(`tests/cases/elf/${elf}.elf`), length));
  if (result.outcome === 'failed') throw new Error(result.failure.code);
  const { exitCode, output } = result.statement;
  return { exitCode, length: output.length === 0 ? null : Buffer.from(output).readBigUInt64LE() };
}

describe('guests of the SDKs', () => {
  it.each([
    ['read-input', EXIT_ABORT],
    ['read-input-rust', EXIT_PANIC],
  ])('[case: input-length] %s refuses a length above 256 MiB by itself', async (elf, refused) => {
    for (const length of [0n, 5n, MAX_INPUT]) {
      expect(await shownLength(elf, length)).toEqual({ exitCode: 0, length });
    }
    for (const length of [MAX_INPUT + 1n, 1n << 40n, (1n << 64n) - 1n]) {
      expect(await shownLength(elf, length)).toEqual({ exitCode: refused, length: null });
    }
  });

  it('[case: stack-into-statics] recursion below the stack, and an array of any length, end the run', async () => {
    const found = await ends('stack-into-statics', 'stack-alloca');
    expect(found).toEqual(Array(6).fill(expect.stringMatching(/^STACK_OVERFLOW .*stack overflow/)));
  });

  it('[case: stack-into-heap] a stack deeper than its room ends the run', async () => {
    expect(await ends('stack-into-heap')).toEqual([expect.stringMatching(/^STACK_OVERFLOW .*stack overflow/)]);
  });

  it('[case: alloc-loop] ten thousand blocks of 1 KB take the room of two', async () => {
    await expectAsRecorded('alloc-loop', 'alloc-loop-rust');
    const spans = casesOf('alloc-loop', 'alloc-loop-rust').map(({ output = '' }) =>
      Buffer.from(output, 'hex').readUInt32LE(),
    );
    expect(Math.max(...spans)).toBeLessThan(4096);
  });

  it('[case: thread-local] thread-locals, constructors and errno work', async () => {
    await expectAsRecorded('thread-local', 'errno');
    expect(casesOf('thread-local', 'errno').map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  });

  it('[case: rust-std] an ordinary program with std runs, and what it prints is no output', async () => {
    await expectAsRecorded('rust-std');
    const outputs = casesOf('rust-std').map(({ exitCode, output = '' }) => [
      exitCode,
      Buffer.from(output, 'hex').toString(),
    ]);
    const rest = 'Mutex { data: [1.5, 1.4142135623730951], poisoned: false, .. } 6 (0, 0, true)';
    expect(outputs).toEqual([
      [0, `Some((3, "the")) ${rest}`],
      [EXIT_PANIC, ''],
      [0, `Some((2, "weave")) ${rest}`],
    ]);
  });

  it('[case: compare-and-swap] crates that need it run', async () => {
    await expectAsRecorded('compare-and-swap');
    const [{ output = '' } = {}] = casesOf('compare-and-swap');
    expect(Buffer.from(output, 'hex').toString()).toBe('b"total" 42 7');
  });

  it('[case: c-library] strings, printf, sorting, mathematics, setjmp and atexit of a C library work', async () => {
    await expectAsRecorded('c-library');
    const [{ output = '' } = {}] = casesOf('c-library');
    expect(Buffer.from(output, 'hex').toString()).toBe(
      'guest loom proof\n1.414214 2.203e+04 1.19002\n-123 255 0xff\nbye\n',
    );
  });
});
