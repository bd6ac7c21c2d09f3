import type { ProverId } from '../ids.js';
import type { Task } from '../job/task.js';
import type { Board, JobBoard } from './board.js';
import type { Move, ProverView } from './view.js';

/**
 * Gives every vacant unit of every job with work to hand out to a prover with a unit to spare, the least loaded
 * first. Units of provers that are present stay where they are, so a share moves only when its prover is gone.
 */
export function deal(board: Board): Move[] {
  return board.jobs.filter((job) => job.ready.length > 0).flatMap((job) => dealJob(board, job));
}

function dealJob(board: Board, job: JobBoard): Move[] {
  let changed = false;
  for (const [unit, owner] of job.dealing.entries()) {
    const kept = owner !== null && board.view.present.has(owner) && !job.excludes(owner);
    if (!job.isWanted(unit) || (kept && !isStuck(job, unit))) continue;
    const able = board.able(job).filter((prover) => canOwn(board, job, prover));
    const useful = able.filter(({ prover }) => job.ready.some((task) => !task.barred.includes(prover)));
    const prover = choose(board, job, kept || useful.length > 0 ? useful : able);
    if (!prover) continue;
    job.dealing = job.dealing.with(unit, prover);
    changed = true;
  }
  return changed ? [{ job: job.job.id, command: { kind: 'deal', dealing: job.dealing } }] : [];
}

/** Everybody the job counts on is barred from what is left of the unit, so somebody else has to come in. */
function isStuck(job: JobBoard, unit: number): boolean {
  const left = job.ready.filter((task) => job.unitOf(task) === unit);
  const idle = (task: Task, owner: ProverId | null) =>
    owner === null || job.excludes(owner) || task.barred.includes(owner);
  return left.length > 0 && left.every((task) => job.dealing.every((owner) => idle(task, owner)));
}

/** The first prover does a simulated share; any other goes to the least loaded. */
function choose(board: Board, { job }: JobBoard, provers: readonly ProverView[]): ProverId | null {
  if (job.request.simulatedNode !== null) return provers[0]?.prover ?? null;
  const ranked = provers.map((prover) => ({ prover, share: board.dealtShare(prover) }));
  const [first] = ranked.sort((a, b) => a.share - b.share);
  return first?.prover.prover ?? null;
}

function canOwn(board: Board, job: JobBoard, prover: ProverView): boolean {
  return job.unitsOf(prover.prover) < prover.computeUnits && board.isFreeFor(job, prover);
}
