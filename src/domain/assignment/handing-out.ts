import type { JobId } from '../ids.js';
import type { Task, TaskRef } from '../job/task.js';
import type { Board, JobBoard } from './board.js';
import type { Move, ProverView } from './view.js';

/** Tasks chosen for one prover, to go out as one grant per job. */
export class Basket {
  readonly #tasks = new Map<string, { job: JobId; prover: ProverView; tasks: TaskRef[] }>();

  add(job: JobBoard, prover: ProverView, task: Task): void {
    const key = `${job.job.id} ${prover.prover}`;
    const entry = this.#tasks.get(key) ?? { job: job.job.id, prover, tasks: [] };
    entry.tasks.push(task.ref);
    this.#tasks.set(key, entry);
  }

  moves(leaseMs: number): Move[] {
    return [...this.#tasks.values()].map(({ job, prover, tasks }) => ({
      job,
      command: { kind: 'grant', prover: prover.prover, tasks, grade: 'primary', leaseMs },
    }));
  }
}

/**
 * Hands out ready tasks. First everybody's own share, a chunk at a time so that jobs and provers take turns; then
 * whoever has an idle unit takes what nobody owns, and last what its owner has no room for.
 */
export function handOut(board: Board): Move[] {
  const basket = new Basket();
  for (const choose of [ownTask, vacantTask, foreignTask]) {
    while (board.view.provers.filter((prover) => takeChunk(board, prover, choose, basket)).length > 0);
  }
  return basket.moves(board.options.leaseMs);
}

type Choice = (board: Board, job: JobBoard, prover: ProverView) => Task | undefined;

/** One turn of one prover: up to a running unit's worth of one job. */
function takeChunk(board: Board, prover: ProverView, choose: Choice, basket: Basket): boolean {
  if (prover.dialect === 'published') return choose === ownTask && takeShare(board, prover, basket);
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
  if (job.phase === null) return false;
  const cost = board.options.cost[job.phase];
  return cost <= board.freeOf(prover) && cost <= job.roomFor(prover.prover);
}

function ownTask(board: Board, job: JobBoard, prover: ProverView): Task | undefined {
  if (job.phase === 'aggregate') return undefined;
  return job.ready.find((task) => job.ownerOf(task) === prover.prover && isOpenTo(board, task, prover));
}

/** Also the aggregation, which is nobody's own. */
function vacantTask(board: Board, job: JobBoard, prover: ProverView): Task | undefined {
  if (!board.isHungry(prover)) return undefined;
  return job.ready.find((task) => {
    const owner = job.ownerOf(task);
    const vacant = job.phase === 'aggregate' || owner === null || !board.view.present.has(owner) || job.excludes(owner);
    return vacant && isOpenTo(board, task, prover);
  });
}

/** From the far end, where the owner would come last. */
function foreignTask(board: Board, job: JobBoard, prover: ProverView): Task | undefined {
  return board.isHungry(prover) ? job.ready.findLast((task) => isOpenTo(board, task, prover)) : undefined;
}

/** Bars are kept as long as somebody else is there; with nobody else, trying again beats waiting for ever. */
export function isOpenTo(board: Board, task: Task, prover: ProverView): boolean {
  if (!task.barred.includes(prover.prover)) return true;
  return task.ref.kind !== 'contribute' && !board.view.provers.some((other) => !task.barred.includes(other.prover));
}

/** A peer of the published schema works on one job at a time and takes its whole share in one message. */
function takeShare(board: Board, prover: ProverView, basket: Basket): boolean {
  if (board.usedBy(prover.prover) > 0) return false;
  for (const job of board.fairOrder(prover.prover)) {
    const share = job.ready.filter((task) => job.ownerOf(task) === prover.prover && isItsOwn(job, task, prover));
    for (const task of share) {
      job.take(task, prover.prover);
      basket.add(job, prover, task);
    }
    if (share.length > 0) return true;
  }
  return false;
}

function isItsOwn(job: JobBoard, task: Task, { prover }: ProverView): boolean {
  if (task.ref.kind === 'contribute') return !task.barred.includes(prover);
  const slot = task.ref.kind === 'prove' ? job.run.leaves[task.ref.segment] : undefined;
  return slot?.kind === 'claimed' && slot.author === prover;
}
