import { FAULTS } from './faults.js';
import { MUTANTS } from './mutants.js';
import { simulate } from './simulate.js';

/** SIM_SEED and SIM_SCHEDULES explore further; a failure prints the seed that replays it. */
const SEED = Number(process.env['SIM_SEED'] ?? 1);
const SCHEDULES = Number(process.env['SIM_SCHEDULES'] ?? 2_000);

/** Within how many schedules a bug put in on purpose must be found. */
const FOUND_WITHIN = 500;

describe('fault schedules', () => {
  it(`keep every promise (${SCHEDULES} of them)`, async () => {
    const { failed, coverage, ends } = await simulate({ seed: SEED, schedules: SCHEDULES });
    const replay = failed
      ? `npm run simulate -- --schedules 1 --seed ${failed.seed} --trace: ${failed.violation}`
      : null;
    expect(replay).toBeNull();
    expect(Object.keys(ends)).toEqual(expect.arrayContaining(['COMPLETED', 'CANCELLED', 'FAILED TASK_QUARANTINED']));
    expect(FAULTS.filter((fault) => coverage.count(fault) < SCHEDULES / 100)).toEqual([]);
    expect(FAULTS.filter((fault) => coverage.commandsMet(fault, 'PROVING') < 3)).toEqual([]);
  }, 900_000);

  it('are the same for the same seed', async () => {
    const traces = [0, 1].map(() => [] as string[]);
    for (const lines of traces) await simulate({ seed: 77, schedules: 3, trace: (line) => void lines.push(line) });
    expect(traces[0]?.length).toBeGreaterThan(100);
    expect(traces[1]).toEqual(traces[0]);
  }, 60_000);

  it.each(MUTANTS)(
    'find the bug "%s" put in on purpose, and its seed replays it',
    async (mutant) => {
      const { failed } = await simulate({ seed: SEED, schedules: FOUND_WITHIN, mutant });
      expect(failed?.violation).toEqual(expect.any(String));
      const replay = await simulate({ seed: failed?.seed ?? 0, schedules: 1, mutant });
      expect(replay.failed).toEqual(failed);
      const healthy = await simulate({ seed: failed?.seed ?? 0, schedules: 1 });
      expect(healthy.failed).toBeNull();
    },
    900_000,
  );
});
