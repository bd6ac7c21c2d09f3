import type { ProverId } from '../ids.js';
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
    if (owner !== null && board.view.present.has(owner) && !job.excludes(owner)) continue;
    const prover = leastLoaded(board, job, unit);
    if (!prover) continue;
    job.dealing = job.dealing.with(unit, prover);
    changed = true;
  }
  return changed ? [{ job: job.job.id, command: { kind: 'deal', dealing: job.dealing } }] : [];
}

function leastLoaded(board: Board, job: JobBoard, unit: number): ProverId | null {
  const able = board.view.provers.filter((prover) => canOwn(job, prover, unit));
  const [first] = able.map((prover) => ({ prover, share: board.dealtShare(prover) })).sort((a, b) => a.share - b.share);
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
