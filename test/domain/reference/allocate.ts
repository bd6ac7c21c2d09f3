import type { ProverId } from '../../../src/domain/ids.js';
import type { Task } from '../../../src/domain/job/task.js';
import type { SchedulingView, JobView } from './scheduling-view.js';
import type { Move, ProverView } from '../../../src/domain/assignment/assignment-input.js';

/**
 * Gives every orphaned unit of every job with tasks to assign to a prover with a unit to spare, the least loaded
 * first. Units of provers that are present stay where they are, so a unit moves only when its prover is gone.
 */
export function allocate(view: SchedulingView): Move[] {
  return view.jobs.filter((job) => job.ready.length > 0).flatMap((job) => allocateJob(view, job));
}

function allocateJob(view: SchedulingView, job: JobView): Move[] {
  let changed = false;
  for (const [unit, owner] of job.allocation.entries()) {
    const kept = owner !== null && view.input.present.has(owner) && !job.excludes(owner);
    if (!job.isWanted(unit) || (kept && !isStuck(job, unit))) continue;
    const able = view.able(job).filter((prover) => canOwn(view, job, prover));
    const useful = able.filter(({ prover }) => job.ready.some((task) => !task.barred.includes(prover)));
    const prover = choose(view, job, kept || useful.length > 0 ? useful : able);
    if (!prover) continue;
    job.allocation = job.allocation.with(unit, prover);
    changed = true;
  }
  return changed ? [{ job: job.job.id, command: { kind: 'allocate', allocation: job.allocation } }] : [];
}

/** Everybody the job counts on is barred from what is left of the unit, so somebody else has to come in. */
function isStuck(job: JobView, unit: number): boolean {
  const left = job.ready.filter((task) => job.unitOf(task) === unit);
  const idle = (task: Task, owner: ProverId | null) =>
    owner === null || job.excludes(owner) || task.barred.includes(owner);
  return left.length > 0 && left.every((task) => job.allocation.every((owner) => idle(task, owner)));
}

/** The first prover does a simulated partition; any other goes to the least loaded. */
function choose(view: SchedulingView, { job }: JobView, provers: readonly ProverView[]): ProverId | null {
  if (job.request.simulatedNode !== null) return provers[0]?.prover ?? null;
  const ranked = provers.map((prover) => ({ prover, load: view.load(prover) }));
  const [first] = ranked.sort((a, b) => a.load - b.load);
  return first?.prover.prover ?? null;
}

function canOwn(view: SchedulingView, job: JobView, prover: ProverView): boolean {
  return job.unitsOf(prover.prover) < prover.computeUnits && view.isFreeFor(job, prover);
}
