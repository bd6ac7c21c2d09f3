import { Assigner } from '../../src/domain/assignment/assigner.js';
import type { Move, ProverView } from '../../src/domain/assignment/assignment-input.js';
import { DEFAULT_ASSIGNMENT } from '../../src/domain/assignment/options.js';
import { taskKey } from '../../src/domain/job/task.js';
import { JobDriver, prover } from './job-driver.js';

const PROVERS = 300;
const MOST = 64;

const view = (index: number): ProverView => ({
  prover: prover(`prover-${index}`),
  computeUnits: 1,
  protocol: 'extended',
  resting: false,
  mayTake: () => true,
  hasRoom: () => true,
});

/** Who has which task once nothing is left to assign, and how many assignments each call made. */
function assigned(segments: number, most: number): { assignedTo: Map<string, string>; calls: number[] } {
  const driver = new JobDriver({ computeUnits: PROVERS }).planned(segments);
  const assigner = new Assigner(DEFAULT_ASSIGNMENT);
  for (let index = 0; index < PROVERS; index += 1) {
    assigner.setProver(prover(`prover-${index}`), view(index), true, index);
  }
  const assignedTo = new Map<string, string>();
  const calls: number[] = [];
  do {
    assigner.setJob(driver.job);
    const moves = assigner.assign(most);
    for (const { command } of moves) driver.apply(command);
    calls.push(moves.filter(isAssignment).length);
    for (const { command } of moves) {
      if (command.kind === 'assign') for (const task of command.tasks) assignedTo.set(taskKey(task), command.prover);
    }
  } while (assigner.isBehind);
  return { assignedTo, calls };
}

const isAssignment = ({ command }: Move): boolean => command.kind === 'assign';

it.each([100, 299, 1_000])('so many turns at a time come to what all at once do, with %i segments', (segments) => {
  const [slices, whole] = [assigned(segments, MOST), assigned(segments, Number.POSITIVE_INFINITY)];
  expect(whole.calls).toHaveLength(1);
  expect(slices.calls.length).toBeGreaterThan(1);
  for (const count of slices.calls) expect(count).toBeLessThanOrEqual(MOST);
  expect(Object.fromEntries(slices.assignedTo)).toEqual(Object.fromEntries(whole.assignedTo));
});

it('nobody is behind who has less to give than one call may', () => {
  expect(assigned(20, MOST).calls).toEqual([21]);
});
