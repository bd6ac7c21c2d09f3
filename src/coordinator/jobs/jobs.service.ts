import { Inject, Injectable } from '@nestjs/common';
import { DomainError, invalidArgument } from '../../domain/errors.js';
import type { JobId } from '../../domain/ids.js';
import type { ReportHeader } from '../../domain/job/command.js';
import type { JobEvent } from '../../domain/job/event.js';
import { causeOf } from '../../domain/job/failure-cause.js';
import { isLive } from '../../domain/job/assignment.js';
import { taskOf } from '../../domain/job/assignment-content.js';
import { headerOf, type JobHeader } from '../../domain/job/changes.js';
import { isTerminal, newJob, type ArtifactRef } from '../../domain/job/job-state.js';
import { checkRequest, firstDifference, type JobRequest } from '../../domain/job/request.js';
import type { Verdict } from '../../domain/verdict.js';
import { Clock } from '../../lifecycle/clock.js';
import { Random } from '../../lifecycle/random.js';
import { TaskStore, type JobPage, type JobQuery } from '../store/task-store.js';
import { JobCommandBus } from './job-command-bus.js';
import type { TaskProgress } from './job-feed.js';
import { jobNotFound, unavailable } from './active-job-repository.js';
import { EVENT_PAGE, JobViews, type JobView } from './job-views.js';
import { JobWork } from './job-work.js';
import { JobsOptions } from './jobs.options.js';

export interface Submitted {
  readonly job: JobId;
  /** The key had been used for the same request before: this is its job. */
  readonly existing: boolean;
}

/** One step of watching a job: what happened since the step before, and how far running tasks are. */
export interface WatchStep {
  readonly events: readonly JobEvent[];
  readonly progress: readonly TaskProgress[];
  /** The job as it is now. */
  readonly view: JobView;
}

const ID_BYTES = 8;

/** Jobs for everybody else: submit, look, watch, cancel, report. Nothing else opens a store transaction. */
@Injectable()
export class JobsService {
  /** Requests under way by idempotency key, so that two at once are one job. */
  private readonly submitting = new Map<string, Promise<Submitted>>();

  constructor(
    @Inject(JobCommandBus) private readonly bus: JobCommandBus,
    @Inject(TaskStore) private readonly store: TaskStore,
    @Inject(JobWork) private readonly work: JobWork,
    @Inject(JobsOptions) private readonly options: JobsOptions,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Random) private readonly random: Random,
    @Inject(JobViews) private readonly views: JobViews,
  ) {}

  /**
   * Accepts a job. Resolves once it is on disk; the same key with the same request gives the same job.
   *
   * @throws DomainError INVALID_ARGUMENT, IDEMPOTENCY_CONFLICT, QUOTA_EXCEEDED, SYSTEM_UNAVAILABLE.
   */
  async submit(request: JobRequest, idempotencyKey: string | null): Promise<Submitted> {
    checkRequest(request);
    if (idempotencyKey === null) return this.submitNew(request, null);
    const earlier = this.submitting.get(idempotencyKey)?.catch(() => undefined);
    const submitted = this.submitKeyed(request, idempotencyKey, earlier);
    this.submitting.set(idempotencyKey, submitted);
    return submitted.finally(() => {
      if (this.submitting.get(idempotencyKey) === submitted) this.submitting.delete(idempotencyKey);
    });
  }

  /** @throws DomainError QUOTA_EXCEEDED where no other job may wait or run now. */
  checkRoom(): void {
    if (this.bus.open >= this.options.maxOpen) throw queueFull(this.options.maxOpen);
  }

  /** @throws DomainError JOB_NOT_FOUND, SYSTEM_UNAVAILABLE. */
  get(id: JobId): Promise<JobView> {
    return this.read(this.views.of(id));
  }

  /** What is known of a job before anything is read of its tasks. @throws DomainError JOB_NOT_FOUND, SYSTEM_UNAVAILABLE. */
  async header(id: JobId): Promise<JobHeader> {
    const job = this.bus.findCommitted(id);
    const header = job ? headerOf(job) : await this.read(this.store.header(id));
    if (!header) throw jobNotFound(id);
    return header;
  }

  /** Newest first. @throws DomainError SYSTEM_UNAVAILABLE. */
  list(query: JobQuery): Promise<JobPage> {
    return this.read(this.store.list(query));
  }

  /**
   * Everything that happens to a job after an event, then as it happens; ends when the job has ended or the signal
   * says so. A watcher reads as fast as it can: nothing is kept for it but what the events add up to.
   *
   * @throws DomainError JOB_NOT_FOUND, SYSTEM_UNAVAILABLE.
   */
  async *watch(id: JobId, after: number, signal: AbortSignal): AsyncGenerator<WatchStep> {
    let last = after;
    while (!signal.aborted) {
      const news = this.bus.feed.next(id, signal);
      const events = await this.read(this.store.events({ job: id, after: last, limit: EVENT_PAGE }));
      last = events.at(-1)?.seq ?? last;
      const progress = this.bus.feed.progressOf(id);
      if (events.length > 0 || progress.length > 0) {
        yield { events, progress: this.running(id, progress), view: await this.get(id) };
      }
      if (events.length === EVENT_PAGE) continue;
      if (await this.hasEnded(id, last)) return;
      await news;
    }
  }

  /**
   * Ends a job for good; one that has ended stays as it is.
   *
   * @throws DomainError JOB_NOT_FOUND, SYSTEM_UNAVAILABLE.
   */
  async cancel(id: JobId, reason: string): Promise<JobView> {
    await this.bus.apply(id, { kind: 'cancel', reason });
    return this.get(id);
  }

  /** @throws DomainError as `JobCommandBus.report`. */
  async report(job: JobId, command: Parameters<JobCommandBus['report']>[1]): Promise<Verdict> {
    if (command.kind === 'report_failure' && causeOf(command) === 'artifact_missing') await this.lookFor(job, command);
    return this.bus.report(job, command);
  }

  /** A prover misses something: whether the job has lost its program or input is for the coordinator to see. */
  private async lookFor(id: JobId, { report: { prover, epoch } }: { readonly report: ReportHeader }): Promise<void> {
    const job = this.bus.find(id);
    const assignment = job?.assignments.at(epoch - 1);
    if (!job || assignment?.prover !== prover || !isLive(assignment)) return;
    const message = await this.work.lostArtifact(job);
    if (message === null) return;
    await this.bus.apply(id, { kind: 'cannot_succeed', failure: { code: 'ARTIFACT_LOST', message } });
  }

  /** @throws DomainError as `JobCommandBus.reportProof`. */
  reportProof(job: JobId, report: ReportHeader, artifact: ArtifactRef): Promise<Verdict> {
    return this.bus.reportProof(job, report, artifact);
  }

  /** A prover says how far it is. Only the holder of the task is believed, and nothing depends on it. */
  noteProgress(job: JobId, report: ReportHeader, phase: string, permille: number): void {
    const assignment = this.bus.find(job)?.assignments.at(report.epoch - 1);
    if (assignment?.prover !== report.prover || assignment.state.kind !== 'LIVE') return;
    const bounded = Math.max(0, Math.min(1000, Math.trunc(permille)));
    this.bus.feed.note(job, { task: report.task, prover: report.prover, phase, permille: bounded });
  }

  /** One after the other under one key: the second finds what the first has stored. */
  private async submitKeyed(
    request: JobRequest,
    key: string,
    earlier: Promise<unknown> | undefined,
  ): Promise<Submitted> {
    await earlier;
    const known = await this.read(this.store.idempotencyEntry(key));
    if (!known) return this.submitNew(request, key);
    const field = firstDifference(known.request, request);
    if (field === null) return { job: known.job, existing: true };
    const hint = 'use another key for another request, or leave the key out';
    throw new DomainError('IDEMPOTENCY_CONFLICT', `key ${key} stands for a request with another ${field}`, hint);
  }

  private async submitNew(request: JobRequest, key: string | null): Promise<Submitted> {
    await this.mustExist('program', request.program);
    await this.mustExist('input', request.input);
    this.checkRoom();
    const wallMs = this.clock.wallMs();
    const id = `job-${Math.trunc(wallMs).toString(16).padStart(12, '0')}${this.random.hex(ID_BYTES)}` as JobId;
    await this.bus.submit(newJob(id, request, this.options.rules, wallMs), key);
    return { job: id, existing: false };
  }

  private async mustExist(field: 'program' | 'input', digest: JobRequest['program']): Promise<void> {
    if ((await this.work.sizeOf(digest)) === null) {
      throw invalidArgument(`${field}_digest`, digest, 'the digest of an artifact uploaded before');
    }
  }

  private async hasEnded(id: JobId, last: number): Promise<boolean> {
    const { status, lastEvent } = await this.header(id);
    return isTerminal(status) && lastEvent <= last;
  }

  /** Progress of tasks that somebody works on now; of the others the last words are kept, and are of no use. */
  private running(id: JobId, progress: readonly TaskProgress[]): TaskProgress[] {
    const run = this.bus.findCommitted(id)?.run;
    return run ? progress.filter(({ task }) => taskOf(run, task)?.state.kind === 'ASSIGNED') : [];
  }

  private async read<T>(reading: Promise<T>): Promise<T> {
    try {
      return await reading;
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw unavailable(error);
    }
  }
}

function queueFull(limit: number): DomainError {
  return new DomainError('QUOTA_EXCEEDED', `${limit} jobs wait or run already`, 'try again when some have ended');
}
