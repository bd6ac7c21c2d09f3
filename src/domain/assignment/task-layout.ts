import { BOUNDARY, type Segment } from '../ids.js';
import type { Run } from '../job/job-state.js';
import type { TaskKind } from '../job/task.js';

/**
 * Where the tasks of a phase stand: in the order in which they are assigned, and unit by unit. Everybody waits for the
 * last proof, and the boundary's is the shortest, so it comes last.
 */
export class TaskLayout {
  /** Where the tasks of each unit begin when they are laid out unit by unit, and where the last one ends. */
  private readonly starts: number[] = [0];
  private readonly units: number;
  private readonly segments: number;
  private readonly isBoundaryLast: boolean;

  constructor(phase: TaskKind | null, { plan, allocation }: Run) {
    this.units = allocation.length;
    this.segments = plan.segments;
    this.isBoundaryLast = phase === 'prove';
    for (let unit = 0; unit < this.units; unit += 1) {
      const tasks = Math.max(0, Math.ceil((plan.segments + 1 - unit) / this.units));
      this.starts.push((this.starts[unit] ?? 0) + tasks);
    }
  }

  placeOf(segment: Segment): number {
    if (!this.isBoundaryLast) return segment;
    return segment === BOUNDARY ? this.segments : segment - 1;
  }

  segmentAt(place: number): Segment {
    if (!this.isBoundaryLast) return place as Segment;
    return (place === this.segments ? BOUNDARY : place + 1) as Segment;
  }

  /** The places of a unit's tasks. */
  unit(unit: number): { readonly start: number; readonly end: number } {
    const start = this.starts[unit] ?? 0;
    return { start, end: this.starts[unit + 1] ?? start };
  }

  placeInUnits(segment: Segment): number {
    const unit = segment % this.units;
    const { start, end } = this.unit(unit);
    const rank = Math.floor(segment / this.units);
    if (!this.isBoundaryLast || unit !== 0) return start + rank;
    return segment === BOUNDARY ? end - 1 : start + rank - 1;
  }

  /** The segment at this of the unit's places. */
  segmentOfUnit(unit: number, place: number): Segment {
    const { start, end } = this.unit(unit);
    const rank = place - start;
    if (!this.isBoundaryLast || unit !== 0) return (unit + rank * this.units) as Segment;
    return (place === end - 1 ? BOUNDARY : (rank + 1) * this.units) as Segment;
  }
}

/** Segments that the coordinator itself is at work on. */
export function keptByCoordinator({ disputes, ownProofs, stage }: Run): Set<Segment | null> {
  const kept = new Set<Segment | null>(disputes.map(({ segment }) => segment));
  if (stage === 'PROVING') for (const segment of ownProofs) kept.add(segment);
  return kept;
}
