// One coordinator with many provers, measured: the figures are whatever they are here, the counts are not.
import { cleanUp, Program } from '../support/program.js';

const RUN_MS = 120_000;

afterAll(cleanUp);

it(
  'bench network measures a coordinator with so many provers, segments and jobs',
  async () => {
    const sizes = ['--provers', '30', '--segments', '7', '--jobs', '5', '--proof-ms', '1'];
    const program = Program.start('bin/proofloom.js', ['bench', 'network', ...sizes, '--json']);
    const { code } = await program.exited;
    const [figures = {}] = program.lines;
    // Each segment and the boundary: a commitment and a proof; and one aggregation. A straggler is done twice.
    const results = 5 * (2 * 8 + 1);
    expect(figures).toMatchObject({ provers: 30, segments: 7, jobs: 5, bars: { cpuPerResult: expect.any(Boolean) } });
    expect(figures['results']).toBeGreaterThanOrEqual(results);
    expect(figures['cpuPerResultMs']).toBeGreaterThan(0);
    expect(figures['bytesPerAssignment']).toBeGreaterThan(100);
    expect(figures['eventLoop']).toMatchObject({ p99Ms: expect.any(Number) });
    const isMet = Object.values(figures['bars'] as Record<string, boolean>).every(Boolean);
    expect(code).toBe(isMet ? 0 : 1);
  },
  RUN_MS,
);

it('refuses sizes that it cannot measure', async () => {
  const program = Program.start('bin/proofloom.js', ['bench', 'network', '--provers', '0']);
  expect((await program.exited).code).toBe(2);
});
