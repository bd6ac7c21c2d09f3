import type { Task } from '../job/task.js';
import type { Basket } from './basket.js';
import type { Board, JobBoard } from './board.js';
import { canAggregate, isOpenTo, isVacant } from './rules.js';
import type { ProverView } from './view.js';

/** The tasks of a job that a peer of the published schema takes in one message, if any. */
export type ShareChoice = (board: Board, job: JobBoard, prover: ProverView) => readonly Task[];

/**
 * A peer of the published schema holds one grant at a time, and each is a whole share: everything that is to be done
 * now of the units it owns, then of one unit that was lost or whose owner may not do it.
 */
export function takeShare(board: Board, prover: ProverView, choose: ShareChoice, basket: Basket): boolean {
  if (board.usedBy(prover.prover) > 0) return false;
  for (const job of board.fairOrder(prover.prover)) {
    const mayTurnTo = job.unitsOf(prover.prover) > 0 && board.able(job).includes(prover);
    if (!mayTurnTo || !board.isFreeFor(job, prover)) continue;
    const share = choose(board, job, prover);
    for (const task of share) {
      job.take(task, prover.prover);
      basket.add(job, prover, task);
    }
    if (share.length > 0) return true;
  }
  return false;
}

export function ownShare(board: Board, job: JobBoard, prover: ProverView): readonly Task[] {
  if (job.phase === 'aggregate') return [];
  return job.ready.filter((task) => job.ownerOf(task) === prover.prover && isOpenTo(task, prover));
}

/** A share that nobody has any more; the aggregation, where no prover of ours is there for it. */
export function vacantShare(board: Board, job: JobBoard, prover: ProverView): readonly Task[] {
  if (job.phase !== 'aggregate') return firstUnit(job, job.ready.filter(open(board, job, prover, isVacant)));
  const isLeftToPeers = board.able(job).every(({ dialect }) => dialect === 'published');
  return isLeftToPeers && canAggregate(job, prover) ? [...job.ready] : [];
}

/** Work that must not be done by the prover whose share it is, for example the check of its own leaves. */
export function foreignShare(board: Board, job: JobBoard, prover: ProverView): readonly Task[] {
  if (job.phase === 'aggregate') return [];
  const isBarredFromOwner = (_: Board, __: JobBoard, task: Task) => {
    const owner = job.ownerOf(task);
    return owner !== null && task.barred.includes(owner);
  };
  return firstUnit(job, job.ready.filter(open(board, job, prover, isBarredFromOwner)));
}

type Test = (board: Board, job: JobBoard, task: Task) => boolean;

function open(board: Board, job: JobBoard, prover: ProverView, test: Test): (task: Task) => boolean {
  return (task) => test(board, job, task) && isOpenTo(task, prover);
}

function firstUnit(job: JobBoard, tasks: readonly Task[]): readonly Task[] {
  const [first] = tasks;
  return first ? tasks.filter((task) => job.unitOf(task) === job.unitOf(first)) : [];
}
