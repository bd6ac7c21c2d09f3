import type { CommandKind } from '../../src/domain/job/command.js';
import type { JobState } from '../../src/domain/job/job-state.js';
import { FAULTS, type Fault } from './faults.js';

/** A command counts as having met a fault that happened at most this long before it. */
const MEETS_MS = 400;

export const PHASES = [
  'waiting',
  'CONTRIBUTING',
  'CHALLENGING',
  'PROVING',
  'AGGREGATING',
  'AGGREGATING_LOCALLY',
  'AUDITING',
  'over',
] as const;
type Phase = (typeof PHASES)[number];

export interface CoverageCounts {
  readonly happened: Readonly<Record<string, number>>;
  /** By `<fault> <phase> <command>`. */
  readonly met: Readonly<Record<string, number>>;
}

/** How often each kind of fault met each command in each phase of a job. */
export class Coverage {
  private readonly counts = new Map<string, number>();
  private readonly faults = new Map<Fault, number>();
  private recent: { readonly fault: Fault; readonly atMs: number }[] = [];

  fault(fault: Fault, atMs: number): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
    this.recent.push({ fault, atMs });
  }

  command(job: JobState, command: CommandKind, atMs: number): void {
    this.recent = this.recent.filter((entry) => atMs - entry.atMs <= MEETS_MS);
    for (const fault of new Set(this.recent.map((entry) => entry.fault))) {
      const key = `${fault} ${phaseOf(job)} ${command}`;
      this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    }
  }

  /** A new schedule starts its time anew. */
  nextSchedule(): void {
    this.recent = [];
  }

  add(other: Coverage): void {
    for (const [key, count] of other.counts) this.counts.set(key, (this.counts.get(key) ?? 0) + count);
    for (const [fault, count] of other.faults) this.faults.set(fault, (this.faults.get(fault) ?? 0) + count);
  }

  count(fault: Fault): number {
    return this.faults.get(fault) ?? 0;
  }

  /** Number of different commands that met the fault in the phase. */
  commandsMet(fault: Fault, phase: Phase): number {
    return this.cells(fault, phase).length;
  }

  /** Everything counted, for another thread or a file. */
  toJson(): CoverageCounts {
    const met = Object.fromEntries([...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)));
    return { happened: Object.fromEntries(this.faults), met };
  }

  static fromJson({ happened, met }: CoverageCounts): Coverage {
    const coverage = new Coverage();
    for (const fault of FAULTS) if (happened[fault]) coverage.faults.set(fault, happened[fault]);
    for (const [key, count] of Object.entries(met)) coverage.counts.set(key, count);
    return coverage;
  }

  /** One line per fault: how often it happened, then per phase how many commands it met and how often. */
  table(): string {
    const header = ['fault'.padEnd(18), 'happened'.padStart(9), ...PHASES.map((phase) => phase.padStart(14))].join(' ');
    const lines = FAULTS.map((fault) => {
      const cells = PHASES.map((phase) => {
        const met = this.cells(fault, phase);
        const total = met.reduce((sum, count) => sum + count, 0);
        return (met.length === 0 ? '-' : `${met.length}/${total}`).padStart(14);
      });
      return [fault.padEnd(18), String(this.count(fault)).padStart(9), ...cells].join(' ');
    });
    return [header, ...lines].join('\n');
  }

  private cells(fault: Fault, phase: Phase): number[] {
    const start = `${fault} ${phase} `;
    return [...this.counts].filter(([key]) => key.startsWith(start)).map(([, count]) => count);
  }
}

function phaseOf({ status, run }: JobState): Phase {
  if (status.kind === 'QUEUED' || status.kind === 'PLANNING') return 'waiting';
  return status.kind === 'RUNNING' && run && run.stage !== 'OVER' ? run.stage : 'over';
}
