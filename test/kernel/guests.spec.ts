import { KernelService } from '../../src/kernel/kernel.service.js';
import type { ExecutionLimits, PlanResult } from '../../src/kernel/kernel.types.js';
import { guestCases, guestFile, guestInput, type GuestCase } from './guests.js';

const BUILT_THREAD = new URL('../../dist/kernel/threads/kernel.worker.js', import.meta.url);

/** Small, so that an endless guest ends soon; the longest good one has 2,191,598 cycles. */
const LIMITS: ExecutionLimits = { maxCycles: 3_000_000n, maxMemoryBytes: 64 << 20, maxOutputBytes: 1 << 20 };

/** Every guest that calls them runs at least this many times fewer instructions. */
const SAVED_BY_ACCELERATORS = 3;

const kernel = new KernelService({ threads: 1, threadEntry: BUILT_THREAD });

afterAll(() => kernel.close());

function run(guest: GuestCase): Promise<PlanResult> {
  const program = { elf: guestFile(guest.elf), input: guestInput(guest), segmentCycles: 65_536 };
  return kernel.plan({ ...program, limits: LIMITS, purpose: 'execute' });
}

/** What the machine shows of a run, in the words of the recorded cases. */
function shown(result: PlanResult): Partial<GuestCase> {
  if (result.outcome === 'failed') return { trap: { code: result.failure.code } };
  const { exitCode, output, cycles } = result.statement;
  return {
    exitCode,
    output: Buffer.from(output).toString('hex'),
    instructions: Number(cycles),
    misalignedAccesses: Number(result.misalignedAccesses),
  };
}

function expected({ trap, exitCode, output, instructions, misalignedAccesses, software }: GuestCase): object {
  if (trap) return { trap: { code: trap.code } };
  if (!software) return { exitCode, output, instructions, misalignedAccesses };
  // The oracle has no accelerators: there the guest does itself what the machine does here in few instructions.
  const counted = { asymmetricMatch: (own: unknown) => Number(own) < software.instructions / SAVED_BY_ACCELERATORS };
  return { exitCode, output, instructions: counted, misalignedAccesses: software.misalignedAccesses };
}

describe('the machine in WebAssembly', () => {
  it.each(guestCases())('runs the guest $name as the oracle recorded it', async (guest) => {
    expect(shown(await run(guest))).toEqual(expected(guest));
  });

  it('passes every instruction test', async () => {
    const cases = guestCases('tests');
    for (const guest of cases) {
      const { name } = guest;
      expect({ name, ...shown(await run(guest)) }).toEqual({ name, ...expected(guest) });
    }
    expect(cases.length).toBeGreaterThanOrEqual(146);
  });

  it('stops every program that does what it must not, with its reason', async () => {
    const cases = guestCases('tests/traps');
    for (const guest of cases) {
      const { name } = guest;
      expect({ name, ...shown(await run(guest)) }).toEqual({ name, ...expected(guest) });
    }
    expect(cases.length).toBeGreaterThanOrEqual(48);
  });
});
