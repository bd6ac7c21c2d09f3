import type { ProverId } from '../ids.js';
import type { BusyTime, JobEvent } from './event.js';
import type { TaskKind } from './task.js';

/** What one prover did of a job: results that count, the boundary being a segment. */
export interface ProverShare {
  readonly prover: ProverId;
  readonly contributed: number;
  readonly proven: number;
  readonly aggregated: number;
}

/** How long a phase took, over all its rounds, and how much of that at least one prover worked (by its own clock). */
export interface PhaseTime {
  readonly phase: 'plan' | TaskKind;
  readonly durationMs: number;
  readonly busyMs: number;
}

export interface JobReport {
  readonly shares: readonly ProverShare[];
  readonly phases: readonly PhaseTime[];
}

/** What a job's events say about who did it and how long it took. `nowMs` (Unix) ends a phase still open. */
export function reportOf(events: readonly JobEvent[], nowMs: number): JobReport {
  return { shares: sharesOf(events), phases: phasesOf(events, nowMs) };
}

function sharesOf(events: readonly JobEvent[]): ProverShare[] {
  const shares = new Map<ProverId, ProverShare>();
  const add = (prover: ProverId, field: 'contributed' | 'proven' | 'aggregated') => {
    const share = shares.get(prover) ?? { prover, contributed: 0, proven: 0, aggregated: 0 };
    shares.set(prover, { ...share, [field]: share[field] + 1 });
  };
  for (const event of events) {
    if (event.type === 'contributed' || event.type === 'proven' || event.type === 'aggregated') {
      add(event.prover, event.type);
    }
  }
  return [...shares.values()];
}

type Phase = PhaseTime['phase'];

/** Which phase an event begins; null for one that ends them all. */
const BEGINS: Readonly<Partial<Record<JobEvent['type'], Phase | null>>> = {
  planning: 'plan',
  planned: 'contribute',
  audit_started: 'contribute',
  round_started: 'contribute',
  challenged: 'prove',
  aggregating: 'aggregate',
  completed: null,
  failed: null,
  cancelled: null,
};

const ORDER: readonly Phase[] = ['plan', 'contribute', 'prove', 'aggregate'];

function phasesOf(events: readonly JobEvent[], nowMs: number): PhaseTime[] {
  const durations = new Map<Phase, number>();
  let open: { phase: Phase; sinceMs: number } | null = null;
  const close = (atMs: number) => {
    if (open) durations.set(open.phase, (durations.get(open.phase) ?? 0) + atMs - open.sinceMs);
  };
  for (const event of events) {
    const phase = BEGINS[event.type];
    if (phase === undefined) continue;
    close(event.atMs);
    open = phase === null ? null : { phase, sinceMs: event.atMs };
  }
  close(nowMs);
  return ORDER.flatMap((phase) => {
    const durationMs = durations.get(phase);
    return durationMs === undefined ? [] : [{ phase, durationMs, busyMs: unionMs(busyOf(events, phase)) }];
  });
}

const RESULT_OF: Readonly<Record<Phase, JobEvent['type'] | null>> = {
  plan: null,
  contribute: 'contributed',
  prove: 'proven',
  aggregate: 'aggregated',
};

function busyOf(events: readonly JobEvent[], phase: Phase): BusyTime {
  return events.flatMap((event) => ('busy' in event && event.type === RESULT_OF[phase] ? event.busy : []));
}

/** Length of the union of time spans, in milliseconds. */
export function unionMs(spans: BusyTime): number {
  const sorted = [...spans].sort(([a], [b]) => a - b);
  let total = 0;
  let until = -Infinity;
  for (const [start, end] of sorted) {
    total += Math.max(0, end - Math.max(start, until));
    until = Math.max(until, end);
  }
  return total;
}
