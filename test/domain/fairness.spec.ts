// What a job may wait for others: the bound that docs/guarantees.md promises, over the product's policy in virtual time.
import { DEFAULT_ASSIGNMENT } from '../../src/domain/assignment/options.js';
import { FairnessModel, loneTime, SEGMENT, type ModelJob } from './fairness-model.js';

const PROVERS = [1, 2, 4, 16, 100];
const SHORT: ModelJob = { segments: 4, priority: 0 };
/** Longer than all that is looked at. */
const LONG: ModelJob = { segments: 600, priority: 0 };

/** Longest that a short job took among so many long ones, of `count` that come one after the other. */
function slowest(provers: number, others: readonly ModelJob[], count: number, short = SHORT): number {
  const model = new FairnessModel(provers, DEFAULT_ASSIGNMENT);
  for (const other of others) model.submit(other);
  // Everybody is at work on what was there before.
  while (model.time < 3 * SEGMENT) model.step();
  let longest = 0;
  for (let index = 0; index < count; index += 1) {
    const start = model.time;
    const id = model.submit(short);
    if (!model.runUntil(id, 10_000 * SEGMENT)) return Number.POSITIVE_INFINITY;
    longest = Math.max(longest, (model.endOf(id) ?? Number.POSITIVE_INFINITY) - start);
  }
  return longest;
}

const times = (count: number, job: ModelJob) => Array.from({ length: count }, () => job);

/** A phase begins when its provers have done what they hold: a segment in work and the next one. */
const HELD = 2 * SEGMENT;
const PHASES = 3;

describe.each(PROVERS)('on %i provers', (provers) => {
  const lone = loneTime(SHORT, provers, DEFAULT_ASSIGNMENT);

  it.each([
    ['each of many short jobs beside a long one', times(1, LONG), 20],
    ['a short job behind sixteen long ones', times(16, LONG), 1],
  ])('%s waits in each phase for what its provers hold, or is shared with as an equal', (_what, others, count) => {
    const bound = Math.max(3 * lone + SEGMENT, lone + PHASES * HELD);
    expect(slowest(provers, others, count)).toBeLessThanOrEqual(bound);
  });

  it('a job of priority 0 behind three long ones of priority 100 has its turns', () => {
    const others = times(3, { ...LONG, priority: 100 });
    const turns = SEGMENT * DEFAULT_ASSIGNMENT.fairTurnEvery * (others.length + 1);
    expect(slowest(provers, others, 1)).toBeLessThanOrEqual(lone + PHASES * (turns + HELD));
  });
});
