import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { ContentStore } from '../../content/content-store.js';
import { DomainError, invalidArgument } from '../../domain/errors.js';
import type { Sha256 } from '../../domain/ids.js';
import type { GuestLimits, JobRequest } from '../../domain/job/request.js';
import type { Submission } from '../../domain/job/submission.js';
import { callerAddress } from '../../logging/correlation.js';
import { NetworkLog } from '../events/network-log.js';
import { TaskScheduler } from '../scheduler/task-scheduler.js';
import { TaskStore } from '../store/task-store.js';
import { Readiness } from '../transport/readiness.js';
import { JobsService, type Submitted } from '../jobs/jobs.service.js';

/** Units of a job that may use all that there are, while there are none: what no prover owns goes to whoever is idle. */
const UNITS_OF_NOBODY = 8;

/** Completes what callers ask for with the coordinator's settings, holds it to its limits, and submits it. */
@Injectable()
export class Submissions {
  constructor(
    private readonly jobs: JobsService,
    private readonly content: ContentStore,
    private readonly settings: Settings,
    private readonly readiness: Readiness,
    private readonly scheduler: TaskScheduler,
    private readonly store: TaskStore,
    private readonly log: NetworkLog,
  ) {}

  /** @throws DomainError as `JobsService.submit`; SYSTEM_UNAVAILABLE while the coordinator stops */
  async submit(submission: Submission, idempotencyKey: string | null): Promise<Submitted> {
    this.readiness.assertReady();
    const input = submission.input instanceof Uint8Array ? await this.keep(submission.input) : submission.input;
    const programBytes = await this.admittedSize('program_digest', submission.program);
    const inputBytes = await this.admittedSize('input_digest', input);
    const computeUnits = submission.computeUnits || (await this.allUnits(idempotencyKey));
    const request = this.complete({ ...submission, computeUnits }, input);
    const from = callerAddress();
    const submitted = await this.jobs.submit(request, idempotencyKey);
    // At once, so that nothing that happens to the job is said before.
    if (!submitted.existing) this.log.accepted({ job: submitted.job, request, programBytes, inputBytes, from });
    return submitted;
  }

  /** Proofs may be larger than what clients upload: one is no program or input for that. */
  private async admittedSize(field: string, sha256: Sha256): Promise<number | null> {
    const allowed = this.settings.jobs.maxArtifactBytes;
    const size = await this.content.size(sha256);
    if (size === null || size <= allowed) return size;
    throw invalidArgument(field, `${size} bytes`, `an artifact of at most ${allowed} bytes`);
  }

  /** As many as are connected; the same again for a key that was used before. @throws DomainError SYSTEM_UNAVAILABLE */
  private async allUnits(idempotencyKey: string | null): Promise<number> {
    const known = idempotencyKey === null ? null : await this.store.idempotencyEntry(idempotencyKey).catch(unreadable);
    if (known) return known.request.computeUnits;
    const connected = this.scheduler.connected();
    return connected.reduce((sum, { computeUnits }) => sum + computeUnits, 0) || UNITS_OF_NOBODY;
  }

  /** Keeps bytes that a job is about to refer to. @throws ContentError */
  async keep(bytes: Uint8Array): Promise<Sha256> {
    return (await this.content.putBytes(bytes)).sha256 as Sha256;
  }

  private complete(submission: Submission, input: Sha256): JobRequest {
    const { jobs } = this.settings;
    return {
      program: submission.program,
      input,
      computeUnits: submission.computeUnits,
      priority: submission.priority ?? 0,
      segmentCycles: submission.segmentCycles || jobs.segmentCycles,
      limits: this.limitsOf(submission.limits),
      deadlineMs: submission.deadlineMs || null,
      labels: submission.labels ?? {},
      simulatedNode: submission.simulatedNode ?? null,
    };
  }

  /** A caller may lower the coordinator's limits, not raise them. */
  private limitsOf(asked: GuestLimits | undefined): GuestLimits {
    const { maxCycles, ...rest } = this.settings.jobs.limits;
    const ours: GuestLimits = { maxCycles: Number(maxCycles), ...rest };
    if (!asked) return ours;
    const names = Object.keys(ours) as (keyof GuestLimits)[];
    const raised = names.find((name) => asked[name] > ours[name]);
    if (raised) throw invalidArgument(`limits.${raised}`, asked[raised], `at most ${ours[raised]}, or 0 for that`);
    return Object.fromEntries(names.map((name) => [name, asked[name] || ours[name]])) as unknown as GuestLimits;
  }
}

function unreadable(cause: unknown): never {
  throw new DomainError('SYSTEM_UNAVAILABLE', 'the jobs cannot be read', 'submit the job again in a moment', { cause });
}
