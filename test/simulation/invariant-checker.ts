import type { JobId, ProverId } from '../../src/domain/ids.js';
import type { JobChanges } from '../../src/domain/job/changes.js';
import type { JobCommand } from '../../src/domain/job/command.js';
import type { Decision } from '../../src/domain/job/decision.js';
import type { AssignmentContent } from '../../src/domain/job/effect.js';
import { isLive, type Assignment } from '../../src/domain/job/assignment.js';
import { isTerminal, type JobState } from '../../src/domain/job/job-state.js';
import { isHeldBy, isOpen, taskKey, type Task } from '../../src/domain/job/task.js';
import type { StoreBatch } from '../../src/coordinator/store/task-store.js';
import { brokenRules } from './job-invariants.js';
import type { Report } from './messages.js';
import { SCHEDULER } from './times.js';
import type { Verdict } from '../../src/domain/verdict.js';

/** What the store has of a job, as seen by what was written to it. */
interface Written {
  version: number;
  lastEvent: number;
  terminal: string | null;
  readonly assignments: Map<number, Assignment>;
  readonly done: Set<string>;
}

/** Sees everything that is decided, written, sent and answered, and speaks up when a promise is broken. */
export class InvariantChecker {
  /** The first promise that did not hold, in words. Kept, not thrown: what is thrown below a promise is lost. */
  violation: string | null = null;
  private readonly writtenJobs = new Map<JobId, Written>();
  private readonly units = new Map<ProverId, number>();
  private readonly honest = new Set<ProverId>();

  private hasNews = false;

  /** Something happened that may change what holds for the whole. */
  news(): void {
    this.hasNews = true;
  }

  takeNews(): boolean {
    const news = this.hasNews;
    this.hasNews = false;
    return news;
  }

  prover(id: ProverId, computeUnits: number, honest: boolean): void {
    this.units.set(id, computeUnits);
    if (honest) this.honest.add(id);
  }

  decided(before: JobState, command: JobCommand, decision: Decision): void {
    const { job } = decision;
    this.news();
    this.refuse(brokenRules(job));
    if (isTerminal(before.status) && job !== before) this.refuse([`${job.id} changed after its end`]);
    if (job.assignments.length < before.assignments.length) this.refuse([`${job.id} forgot an assignment`]);
    if (decision.outcome.kind === 'verdict') this.fenced(before, command, decision.outcome.verdict);
    for (const { prover, reason } of decision.quarantines) {
      if (this.honest.has(prover)) this.refuse([`honest ${prover} was quarantined: ${reason}`]);
    }
  }

  /** A report that cannot be verified counts only for the live assignment of its task; a verified one while it is open. */
  private fenced(before: JobState, command: JobCommand, verdict: Verdict): void {
    if (verdict.kind !== 'accepted' || !('report' in command)) return;
    const { prover, epoch, task: ref } = command.report;
    const assignment = before.assignments.at(epoch - 1);
    const { run } = before;
    const task =
      ref.kind === 'contribute'
        ? run?.contribute.at(ref.segment)
        : ref.kind === 'prove'
          ? run?.prove.at(ref.segment)
          : run?.aggregate;
    if (!assignment || assignment.prover !== prover || !task) {
      this.refuse([`accepted from ${prover}, to whom it was never assigned`]);
      return;
    }
    const current = isLive(assignment) && isHeldBy(task, epoch);
    const verified = command.kind === 'proof_checked' && isOpen(task);
    if (!current && !verified) this.refuse([`accepted ${command.kind} of ${taskKey(ref)} under stale epoch ${epoch}`]);
  }

  /** Across all jobs, nobody holds more than fits. */
  capacity(jobs: readonly JobState[], maxActive: number): void {
    const used = new Map<ProverId, number>();
    for (const job of jobs) {
      for (const assignment of [...job.assignments].filter(isLive)) {
        const cost = SCHEDULER.assignment.cost[assignment.phase] * heldBy(job, assignment);
        used.set(assignment.prover, (used.get(assignment.prover) ?? 0) + cost);
      }
    }
    for (const [prover, slots] of used) {
      const capacity = (this.units.get(prover) ?? 0) * SCHEDULER.assignment.slotsPerUnit;
      if (slots > capacity) this.refuse([`${prover} holds ${slots} slots of ${capacity}`]);
    }
    if (jobs.length > maxActive) this.refuse([`${jobs.length} jobs are active at once`]);
  }

  written({ jobs }: StoreBatch): void {
    this.news();
    for (const { changes } of jobs) this.writtenJob(changes);
  }

  private writtenJob(changes: JobChanges): void {
    const { id, version, status, lastEvent } = changes.header;
    const known = this.writtenJobs.get(id) ?? {
      version: 0,
      lastEvent: 0,
      terminal: null,
      assignments: new Map(),
      done: new Set(),
    };
    this.writtenJobs.set(id, known);
    if (known.terminal !== null) this.refuse([`${id} was written after its end as ${known.terminal}`]);
    if (version <= known.version) this.refuse([`${id} went from version ${known.version} to ${version}`]);
    if (
      changes.events.some((event, index) => event.seq !== known.lastEvent + 1 + index) ||
      lastEvent < known.lastEvent
    ) {
      this.refuse([`${id} has a gap in its events after ${known.lastEvent}`]);
    }
    known.version = version;
    known.lastEvent = lastEvent;
    if (isTerminal(status)) known.terminal = JSON.stringify(status);
    for (const assignment of changes.assignments) this.writtenAssignment(id, known, assignment);
    // By its events: a commitment may be taken and put in doubt again in one transaction.
    for (const event of changes.events) {
      if (event.type === 'contributed') known.done.add(`contribute/${event.segment}`);
      if (event.type === 'proven') known.done.add(`prove/${event.attempt}/${event.segment}`);
    }
  }

  /** An epoch means one set of tasks for one prover, for ever. */
  private writtenAssignment(job: JobId, known: Written, assignment: Assignment): void {
    const before = known.assignments.get(assignment.epoch);
    const same = !before || (before.prover === assignment.prover && before.tasks.length === assignment.tasks.length);
    if (!same) this.refuse([`${job} gave epoch ${assignment.epoch} two meanings`]);
    known.assignments.set(assignment.epoch, assignment);
  }

  /** Nothing leaves the coordinator that is not on disk. */
  assigned({ job, epoch, prover }: AssignmentContent): void {
    const assignment = this.writtenJobs.get(job)?.assignments.get(epoch);
    if (assignment?.prover !== prover) this.refuse([`${job} sent epoch ${epoch} to ${prover} before it was written`]);
  }

  answered(report: Report, verdict: Verdict): void {
    if (verdict.kind !== 'accepted' || report.reported.kind === 'failure' || report.reported.kind === 'dispute') return;
    const known = this.writtenJobs.get(report.job);
    const ended = known?.terminal !== undefined && known.terminal !== null;
    if (!ended && !known?.done.has(taskKey(report.task))) {
      this.refuse([`${report.job} accepted ${taskKey(report.task)} before it was written`]);
    }
  }

  terminalOf(job: JobId): string | null {
    return this.writtenJobs.get(job)?.terminal ?? null;
  }

  knows(job: JobId): boolean {
    return this.writtenJobs.has(job);
  }

  private refuse(problems: readonly string[]): void {
    if (problems.length > 0) this.violation ??= problems.join('; ');
  }
}

function heldBy(job: JobState, assignment: Assignment): number {
  const { run } = job;
  if (!run) return 0;
  const tasks: Iterable<Task | null> =
    assignment.phase === 'contribute' ? run.contribute : assignment.phase === 'prove' ? run.prove : [run.aggregate];
  return [...tasks].filter((task) => task && isHeldBy(task, assignment.epoch)).length;
}
