import { Coverage } from './coverage.js';
import type { Mutant } from './mutants.js';
import { Simulation, type ScheduleResult } from './simulation.js';

export interface SimulateOptions {
  /** First seed; the others follow. */
  readonly seed: number;
  readonly schedules: number;
  readonly mutant?: Mutant | null;
  readonly trace?: (line: string) => void;
}

export interface SimulateResult {
  readonly schedules: number;
  readonly steps: number;
  /** The first schedule that broke a promise, if any. */
  readonly failed: ScheduleResult | null;
  readonly coverage: Coverage;
  /** How the jobs ended, by kind of end. */
  readonly ends: Readonly<Record<string, number>>;
}

/** Runs schedules one after the other until one breaks a promise. */
export async function simulate({ seed, schedules, mutant = null, trace }: SimulateOptions): Promise<SimulateResult> {
  const coverage = new Coverage();
  const ends: Record<string, number> = {};
  let steps = 0;
  for (let index = 0; index < schedules; index += 1) {
    const result = await new Simulation(seed + index, coverage, mutant, trace).run();
    steps += result.steps;
    for (const end of result.ends) ends[nameOf(end)] = (ends[nameOf(end)] ?? 0) + 1;
    if (result.violation !== null) return { schedules: index + 1, steps, failed: result, coverage, ends };
  }
  return { schedules, steps, failed: null, coverage, ends };
}

function nameOf(end: string): string {
  if (end === 'open') return end;
  const { kind, failure } = JSON.parse(end) as { kind: string; failure?: { code: string } };
  return failure ? `${kind} ${failure.code}` : kind;
}
