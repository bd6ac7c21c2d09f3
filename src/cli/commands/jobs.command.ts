import { hasEnded, type Job } from '../../client/job.js';
import { CliError, EXIT } from '../cli.error.js';
import { progressOf, type CommandContext, type OutputOptions } from '../command-context.js';
import {
  fetchProof,
  jobFailure,
  showUpdate,
  submitJob,
  endpointOf,
  withClient,
  type NetworkOptions,
} from '../network.js';
import { checkOutput, outputName, writeOutput } from '../output-file.js';
import { hex, outputLines } from '../statement-text.js';
import type { Report } from '../terminal.js';
import { readRun } from './execute.command.js';

export interface SubmitOptions extends OutputOptions, NetworkOptions {
  readonly input?: string;
  readonly key?: string;
  readonly capacity?: number;
  readonly priority?: number;
  readonly segmentCycles?: number;
  readonly label?: readonly string[];
}

export interface JobsOptions extends OutputOptions, NetworkOptions {
  readonly active?: boolean;
  readonly limit: number;
}

export interface DownloadOptions extends OutputOptions, NetworkOptions {
  readonly out: string;
}

export interface CancelOptions extends OutputOptions, NetworkOptions {
  readonly reason?: string;
}

/** `proofloom submit`: hands a job to the coordinator and returns at once. */
export async function submit(program: string, options: SubmitOptions, context: CommandContext): Promise<Report> {
  const { elf, input } = await readRun(program, options.input);
  const { key, capacity, priority, segmentCycles, label = [] } = options;
  const { jobId, existing } = await withClient(endpointOf(options, context), context, (client) =>
    submitJob(
      client,
      {
        program: elf,
        input,
        labels: Object.fromEntries(label.map(splitLabel)),
        ...(key !== undefined && { idempotencyKey: key }),
        ...(capacity !== undefined && { computeCapacity: capacity }),
        ...(priority !== undefined && { priority }),
        ...(segmentCycles !== undefined && { segmentCycles }),
      },
      context.signal,
    ),
  );
  return {
    facts: { jobId, existing },
    lines: [jobId, ...(existing ? ['(the job of this key, submitted before)'] : [])],
  };
}

/** `proofloom watch`: follows a job until it has ended; fails where the job does. */
export async function watch(
  jobId: string,
  options: OutputOptions & NetworkOptions,
  context: CommandContext,
): Promise<Report> {
  const display = progressOf(context, options);
  const job = await withClient(endpointOf(options, context), context, (client) =>
    client.wait(jobId, (update) => showUpdate(display, update), context.signal).finally(() => display.clear()),
  );
  if (job.state !== 'completed') throw jobFailure(job);
  return { facts: jobFacts(job), lines: jobLines(job) };
}

/** `proofloom status ID`: a job as it is now. */
export async function jobStatus(
  jobId: string,
  options: OutputOptions & NetworkOptions,
  context: CommandContext,
): Promise<Report> {
  const job = await withClient(endpointOf(options, context), context, (client) => client.get(jobId));
  return { facts: jobFacts(job), lines: jobLines(job) };
}

/** `proofloom jobs`: newest first. */
export async function jobs(options: JobsOptions, context: CommandContext): Promise<Report> {
  const listed = await withClient(endpointOf(options, context), context, async (client) => {
    const found: Job[] = [];
    for await (const job of client.list(options.active ? { states: ['queued', 'planning', 'running'] } : {})) {
      if (found.push(job) >= options.limit) break;
    }
    return found;
  });
  const lines = listed.map(
    (job) => `${job.id}  ${stateText(job).padEnd(22)} ${new Date(job.submittedAtMs).toISOString()}`,
  );
  return { facts: { jobs: listed.map(jobFacts) }, lines: lines.length > 0 ? lines : ['no jobs'] };
}

/** `proofloom download`: writes the final proof of a completed job. */
export async function download(jobId: string, options: DownloadOptions, context: CommandContext): Promise<Report> {
  await checkOutput(options.out, {});
  const display = progressOf(context, options);
  const proof = await withClient(endpointOf(options, context), context, async (client) => {
    const job = await client.get(jobId);
    if (hasEnded(job) && job.state !== 'completed') throw jobFailure(job);
    if (!hasEnded(job)) throw notProvenYet(job, client.url);
    return fetchProof(client, job, { display, signal: context.signal, out: options.out });
  }).finally(() => display.clear());
  await writeOutput(options.out, proof, context);
  const note = 'not verified yet: proofloom verify checks it against the program you trust';
  return {
    facts: { jobId, proof: options.out, bytes: proof.length, verified: false },
    lines: [`proof written to ${outputName(options.out)} (${proof.length} bytes)`, note],
  };
}

/** `proofloom cancel`: ends a job for good. */
export async function cancel(jobId: string, options: CancelOptions, context: CommandContext): Promise<Report> {
  const job = await withClient(endpointOf(options, context), context, (client) => client.cancel(jobId, options.reason));
  const isCancelled = job.state === 'cancelled';
  return {
    facts: jobFacts(job),
    lines: [isCancelled ? `${job.id} is cancelled` : `${job.id} had ended before: ${stateText(job)}`],
    exitCode: isCancelled ? EXIT.ok : EXIT.failure,
  };
}

function notProvenYet({ id, state }: Job, url: string): CliError {
  const hint = `wait for it with: proofloom watch ${id} --url ${url}`;
  return new CliError('not_found', `job ${id} has no final proof yet: it is ${state}`, hint, { jobId: id });
}

export function jobFacts(job: Job): Record<string, unknown> {
  const { id, outcome, ...rest } = job;
  return { jobId: id, ...rest, outcome: outcome && { ...outcome, output: hex(outcome.output) } };
}

export function jobLines(job: Job): string[] {
  const { outcome, failure, segmentsByProver, cancelReason, waitingFor } = job;
  const units = segmentsByProver.map(
    ({ proverId, contributed, proven }) => `  ${proverId}: ${contributed} contributions, ${proven} proofs`,
  );
  return [
    `${job.id}  ${stateText(job)}`,
    ...(failure ? [`  ${failure.code}: ${failure.message}`] : []),
    ...(cancelReason ? [`  cancelled: ${cancelReason}`] : []),
    ...(waitingFor ? [`  waiting: ${waitingFor}`] : []),
    ...(outcome ? [`  ${outcome.cycles} cycles, ${outcome.segments} segments, exit code ${outcome.exitCode}`] : []),
    ...(outcome && outcome.output.length > 0 ? outputLines('  output ', outcome.output) : []),
    ...units,
  ];
}

function stateText({ state, phase, simulated }: Job): string {
  const text = phase ? `${state} (${phase})` : state;
  return simulated ? `${text}, simulated` : text;
}

function splitLabel(label: string): [string, string] {
  const at = label.indexOf('=');
  return [label.slice(0, at), label.slice(at + 1)];
}
