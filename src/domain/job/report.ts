import type { ProverId } from '../ids.js';
import type { BusyTime, JobEvent } from './event.js';
import type { TaskKind } from './task.js';

/** What one prover did of a job: results that count, the boundary being a segment. */
export interface ProverSegments {
  readonly prover: ProverId;
  readonly contributed: number;
  readonly proven: number;
  readonly aggregated: number;
}

/** How long a phase took, over all its attempts, and how much of that at least one prover worked (by its own clock). */
export interface PhaseTime {
  readonly phase: 'plan' | TaskKind;
  readonly durationMs: number;
  readonly busyMs: number;
}

export interface JobReport {
  readonly segmentsByProver: readonly ProverSegments[];
  readonly phases: readonly PhaseTime[];
}

type Phase = PhaseTime['phase'];

type ResultEvent = Extract<JobEvent, { readonly busy: BusyTime }>;

/** Which phase an event begins; null for one that ends them all. */
const BEGINS: Readonly<Partial<Record<JobEvent['type'], Phase | null>>> = {
  planning: 'plan',
  planned: 'contribute',
  audit_started: 'contribute',
  attempt_started: 'contribute',
  challenged: 'prove',
  aggregating: 'aggregate',
  completed: null,
  failed: null,
  cancelled: null,
};

const ORDER: readonly Phase[] = ['plan', 'contribute', 'prove', 'aggregate'];

/** Takes a job's events one by one, and can say at any time what they add up to, however many they were. */
export class JobHistory {
  private readonly byProver = new Map<ProverId, ProverSegments>();
  private readonly durations = new Map<Phase, number>();
  private readonly busy = new Map<Phase, SpanUnion>(ORDER.map((phase) => [phase, new SpanUnion()]));
  private open: { readonly phase: Phase; readonly sinceMs: number } | null = null;
  private lastSeq = 0;

  /** Number of the last event taken. */
  get last(): number {
    return this.lastSeq;
  }

  /** Events come in order; one that was taken before changes nothing. */
  add(event: JobEvent): void {
    if (event.seq <= this.lastSeq) return;
    this.lastSeq = event.seq;
    const begins = BEGINS[event.type];
    if (begins !== undefined) this.changePhase(begins, event.atMs);
    if (event.type === 'contributed') this.count(event, 'contribute', event.type);
    if (event.type === 'proven') this.count(event, 'prove', event.type);
    if (event.type === 'aggregated') this.count(event, 'aggregate', event.type);
  }

  /** @param nowMs Unix; ends a phase that is still open */
  report(nowMs: number): JobReport {
    const phases = ORDER.flatMap((phase) => {
      const durationMs = this.durationOf(phase, nowMs);
      return durationMs === undefined ? [] : [{ phase, durationMs, busyMs: this.busy.get(phase)?.totalMs ?? 0 }];
    });
    return { segmentsByProver: [...this.byProver.values()], phases };
  }

  private changePhase(begins: Phase | null, atMs: number): void {
    if (this.open) this.durations.set(this.open.phase, this.durationOf(this.open.phase, atMs) ?? 0);
    this.open = begins === null ? null : { phase: begins, sinceMs: atMs };
  }

  private durationOf(phase: Phase, nowMs: number): number | undefined {
    const closedMs = this.durations.get(phase);
    return this.open?.phase === phase ? (closedMs ?? 0) + nowMs - this.open.sinceMs : closedMs;
  }

  private count({ prover, busy }: ResultEvent, phase: Phase, field: ResultEvent['type']): void {
    const counts = this.byProver.get(prover) ?? { prover, contributed: 0, proven: 0, aggregated: 0 };
    this.byProver.set(prover, { ...counts, [field]: counts[field] + 1 });
    for (const [startMs, endMs] of busy) this.busy.get(phase)?.add(startMs, endMs);
  }
}

/** The union of time spans: disjoint ones in order, and how long they are together. */
class SpanUnion {
  private readonly spans: (readonly [startMs: number, endMs: number])[] = [];
  totalMs = 0;

  add(startMs: number, endMs: number): void {
    if (endMs <= startMs) return;
    // Spans come about in order: what this one touches is found from the end.
    const first = this.spans.findLastIndex(([, end]) => end < startMs) + 1;
    const touched = this.spans.slice(first).filter(([start]) => start <= endMs);
    const [start, end] = [Math.min(startMs, ...touched.map(startOf)), Math.max(endMs, ...touched.map(endOf))];
    this.spans.splice(first, touched.length, [start, end]);
    this.totalMs += end - start - touched.reduce((sum, span) => sum + endOf(span) - startOf(span), 0);
  }
}

const startOf = ([startMs]: readonly [number, number]): number => startMs;
const endOf = ([, endMs]: readonly [number, number]): number => endMs;

/** Length of the union of time spans, in milliseconds. */
export function unionMs(spans: BusyTime): number {
  const union = new SpanUnion();
  for (const [startMs, endMs] of spans) union.add(startMs, endMs);
  return union.totalMs;
}
