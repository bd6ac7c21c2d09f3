import type { JobId } from '../ids.js';
import type { AssignmentOptions } from './options.js';

/** What decides which of two jobs a prover serves first. */
export interface JobRank {
  readonly id: JobId;
  readonly submittedAtMs: number;
  readonly priority: number;
  /** Jobs of about one size share equally; smaller ones come first. */
  readonly sizeClass: number;
  /** Slots' worth of tasks that are done or assigned, in the present attempt. */
  readonly attained: number;
  /** Number of the turn in which some prover last took something of it; a new job begins with the present one. */
  readonly lastServed: number;
}

/** The power of two that the segments of a job fit below. */
export function sizeClassOf(segments: number): number {
  return 32 - Math.clz32(segments);
}

/** Older first. */
export function byAge(a: JobRank, b: JobRank): number {
  return a.submittedAtMs - b.submittedAtMs || compareText(a.id, b.id);
}

/**
 * The order in which a prover asks the jobs for a task in its turn of this number. Larger priority first, then smaller
 * jobs, then those that have had less. But every so many turns it is the one that has waited longest for a turn, whatever
 * its priority and size: so none is locked out.
 */
export function fairOrder(turn: number, { fairTurnEvery }: AssignmentOptions): (a: JobRank, b: JobRank) => number {
  return turn % fairTurnEvery === fairTurnEvery - 1 ? byWaiting : byUrgency;
}

function byWaiting(a: JobRank, b: JobRank): number {
  return a.lastServed - b.lastServed || byAge(a, b);
}

function byUrgency(a: JobRank, b: JobRank): number {
  return b.priority - a.priority || a.sizeClass - b.sizeClass || a.attained - b.attained || byAge(a, b);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
