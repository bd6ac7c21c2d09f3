import fc from 'fast-check';
import type { JobEvent, JobEventBody } from '../../src/domain/job/event.js';
import { JobHistory, unionMs, type JobReport } from '../../src/domain/job/report.js';
import { overheadOf } from '../../src/bench/network/network-rate.js';
import { percentile } from '../../src/bench/network/figures.js';

/** Events with their times, numbered. */
function events(...entries: readonly (readonly [number, JobEventBody])[]): JobEvent[] {
  return entries.map(([atMs, body], index) => ({ ...body, seq: index + 1, atMs }));
}

/** What the events add up to at a moment. */
function reportOf(story: readonly JobEvent[], nowMs: number): JobReport {
  const history = new JobHistory();
  for (const event of story) history.add(event);
  return history.report(nowMs);
}

const contributed = (prover: string, segment: number, busy: [number, number][] = []) =>
  ({ type: 'contributed', prover, segment, epoch: 1, busy }) as unknown as JobEventBody;
const proven = (prover: string, segment: number, busy: [number, number][] = []) =>
  ({ type: 'proven', prover, segment, epoch: 2, attempt: 1, late: false, busy }) as unknown as JobEventBody;

describe('what the events of a job say', () => {
  const story = events(
    [0, { type: 'submitted' }],
    [10, { type: 'planning' }],
    [30, { type: 'planned', segments: 1, cycles: 1, exitCode: 0 }],
    [50, contributed('anna', 0, [[31, 50]])],
    [55, contributed('berta', 1, [[40, 55]])],
    [60, { type: 'challenged', attempt: 1 as never }],
    [90, proven('anna', 0, [[61, 90]])],
    [100, proven('anna', 1, [[95, 100]])],
    [110, { type: 'aggregating', attempt: 1 as never }],
    [150, { type: 'completed', final: null }],
  );

  it('is who did how much', () => {
    expect(reportOf(story, 999).segmentsByProver).toEqual([
      { prover: 'anna', contributed: 1, proven: 2, aggregated: 0 },
      { prover: 'berta', contributed: 1, proven: 0, aggregated: 0 },
    ]);
  });

  it('is how long each phase took, and in how much of it somebody worked', () => {
    expect(reportOf(story, 999).phases).toEqual([
      { phase: 'plan', durationMs: 20, busyMs: 0 },
      { phase: 'contribute', durationMs: 30, busyMs: 24 },
      { phase: 'prove', durationMs: 50, busyMs: 34 },
      { phase: 'aggregate', durationMs: 40, busyMs: 0 },
    ]);
  });

  it('is the same where events come once more', () => {
    const history = new JobHistory();
    for (const event of [...story.slice(0, 6), ...story]) history.add(event);
    expect([history.last, history.report(999)]).toEqual([story.length, reportOf(story, 999)]);
  });

  it('ends a phase that is still open with the present', () => {
    expect(reportOf(story.slice(0, 3), 100).phases.at(-1)).toEqual({ phase: 'contribute', durationMs: 70, busyMs: 0 });
  });

  it('adds the phases of all attempts up', () => {
    const again = events(
      [0, { type: 'planned', segments: 1, cycles: 1, exitCode: 0 }],
      [10, { type: 'challenged', attempt: 1 as never }],
      [30, { type: 'attempt_started', attempt: 2 as never }],
      [35, { type: 'challenged', attempt: 2 as never }],
      [45, { type: 'cancelled', reason: '' }],
    );
    expect(reportOf(again, 99).phases.map(({ phase, durationMs }) => [phase, durationMs])).toEqual([
      ['contribute', 15],
      ['prove', 30],
    ]);
  });
});

describe('figures', () => {
  it('of time spans count each moment once, in whatever order they come', () => {
    const spans = fc.array(fc.tuple(fc.nat(50), fc.nat(20)).map(([start, length]) => [start, start + length] as const));
    fc.assert(
      fc.property(spans, (all) => {
        const moments = new Set(
          all.flatMap(([start, end]) => Array.from({ length: end - start }, (_, i) => start + i)),
        );
        expect(unionMs(all)).toBe(moments.size);
      }),
    );
  });

  it('of time spans count what overlaps once', () => {
    expect(unionMs([])).toBe(0);
    expect(
      unionMs([
        [5, 10],
        [0, 3],
        [8, 12],
        [9, 10],
      ]),
    ).toBe(10);
  });

  it('of samples say what a fraction of them stays below', () => {
    const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([percentile(samples, 0.5), percentile(samples, 0.99), percentile(samples, 1)]).toEqual([51, 100, 100]);
    expect(() => percentile([], 0.5)).toThrow('no samples');
  });

  it('of overhead relate it to the whole', () => {
    expect(overheadOf(3, 10_000, 150)).toEqual({ provers: 3, wallMs: 10_000, overheadMs: 150, overheadPercent: 1.5 });
  });
});
