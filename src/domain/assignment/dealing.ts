import type { ProverId } from '../ids.js';
import { segmentOf, type Task } from '../job/task.js';
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
    if (kept && !isStuck(job, unit)) continue;
    const able = board.view.provers.filter((prover) => canOwn(job, prover, unit));
    const useful = able.filter(({ prover }) => job.ready.some((task) => !task.barred.includes(prover)));
    const prover = leastLoaded(board, kept || useful.length > 0 ? useful : able);
    if (!prover) continue;
    job.dealing = job.dealing.with(unit, prover);
    changed = true;
  }
  return changed ? [{ job: job.job.id, command: { kind: 'deal', dealing: job.dealing } }] : [];
}

/** Everybody the job counts on is barred from what is left of the unit, so somebody else has to come in. */
function isStuck(job: JobBoard, unit: number): boolean {
  const left = job.ready.filter((task) => (segmentOf(task.ref) ?? 0) % job.dealing.length === unit);
  const idle = (task: Task, owner: ProverId | null) =>
    owner === null || job.excludes(owner) || task.barred.includes(owner);
  return left.length > 0 && left.every((task) => job.dealing.every((owner) => idle(task, owner)));
}

function leastLoaded(board: Board, provers: readonly ProverView[]): ProverId | null {
  const ranked = provers.map((prover) => ({ prover, share: board.dealtShare(prover) }));
  const [first] = ranked.sort((a, b) => a.share - b.share);
  return first?.prover.prover ?? null;
}

function canOwn(job: JobBoard, { prover, computeUnits, dialect, mayTake }: ProverView, unit: number): boolean {
  if (job.excludes(prover) || job.unitsOf(prover) >= computeUnits || !mayTake(job.job)) return false;
  return dialect === 'extended' || isUntouched(job, unit);
}

/** A peer of the published schema can prove only what it contributed, so it takes a share from the very start. */
function isUntouched(job: JobBoard, unit: number): boolean {
  const { contribute } = job.run;
  const share = contribute.filter((_, segment) => segment % job.dealing.length === unit);
  return job.run.stage === 'CONTRIBUTING' && share.every((task) => task.state.kind === 'READY');
}
