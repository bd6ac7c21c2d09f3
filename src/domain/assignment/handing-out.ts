import { BOUNDARY } from '../ids.js';
import { segmentOf, type Task } from '../job/task.js';
import { Basket } from './basket.js';
import type { Board, JobBoard } from './board.js';
import { isOpenTo, isVacant } from './rules.js';
import { foreignShare, ownShare, takeShare, vacantShare, type ShareChoice } from './shares.js';
import type { Move, ProverView } from './view.js';

/** What is handed out in one round: a task at a time to provers of ours, a whole share to peers of the published schema. */
interface Round {
  readonly task: (board: Board, job: JobBoard, prover: ProverView) => Task | undefined;
  readonly share: ShareChoice;
}

const ROUNDS: readonly Round[] = [
  { task: ownTask, share: ownShare },
  { task: vacantTask, share: vacantShare },
  { task: foreignTask, share: foreignShare },
];

/**
 * Hands out ready tasks. First everybody's own share, a chunk at a time so that jobs and provers take turns; then
 * whoever has an idle unit takes what nobody owns, and last what its owner has no room for.
 */
export function handOut(board: Board): Move[] {
  const basket = new Basket();
  for (const round of ROUNDS) {
    while (board.view.provers.filter((prover) => takeTurn(board, prover, round, basket)).length > 0);
  }
  return basket.moves(board.options.leaseMs);
}

function takeTurn(board: Board, prover: ProverView, { task, share }: Round, basket: Basket): boolean {
  return prover.dialect === 'published'
    ? takeShare(board, prover, share, basket)
    : takeChunk(board, prover, task, basket);
}

/** One turn of one prover: up to a running unit's worth of one job. */
function takeChunk(board: Board, prover: ProverView, choose: Round['task'], basket: Basket): boolean {
  for (const job of board.fairOrder(prover.prover)) {
    let slots = 0;
    while (slots < board.options.runningSlots) {
      const task = fits(board, job, prover) ? choose(board, job, prover) : undefined;
      if (!task) break;
      job.take(task, prover.prover);
      basket.add(job, prover, task);
      slots += board.options.cost[task.ref.kind];
    }
    if (slots > 0) return true;
  }
  return false;
}

function fits(board: Board, job: JobBoard, prover: ProverView): boolean {
  if (job.phase === null || job.excludes(prover.prover)) return false;
  const cost = board.options.cost[job.phase];
  const room = job.phase === 'aggregate' ? job.roomForAggregation : job.roomFor(prover.prover);
  return cost <= board.freeOf(prover) && cost <= room;
}

function ownTask(board: Board, job: JobBoard, prover: ProverView): Task | undefined {
  if (job.phase === 'aggregate') return undefined;
  return job.ready.find((task) => job.ownerOf(task) === prover.prover && isOpenTo(task, prover));
}

/** Also the aggregation, which is nobody's own. */
function vacantTask(board: Board, job: JobBoard, prover: ProverView): Task | undefined {
  if (!board.isHungry(prover)) return undefined;
  return job.ready.find((task) => isVacant(board, job, task) && isOpenTo(task, prover));
}

/** From the far end, where the owner would come last; but the boundary only when nothing else is left. */
function foreignTask(board: Board, job: JobBoard, prover: ProverView): Task | undefined {
  if (!board.isHungry(prover)) return undefined;
  const isOpen = (task: Task) => isOpenTo(task, prover);
  return job.ready.findLast((task) => segmentOf(task.ref) !== BOUNDARY && isOpen(task)) ?? job.ready.find(isOpen);
}
