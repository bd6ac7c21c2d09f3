import { readSecretFile, secretOf } from '../config/secret-file.js';
import { givenSetting, readEnvFile } from '../config/settings.loader.js';
import { ClientError } from '../client/client.error.js';
import type { ConnectionOptions } from '../client/connection-options.js';
import type { Job, JobPhaseName, JobUpdate } from '../client/job.js';
import { OperatorClient } from '../client/operator-client.js';
import { ProofloomClient, type ProofRequest } from '../client/proofloom-client.js';
import { readTlsMaterial } from '../tls/tls-material.js';
import { CliError } from './cli.error.js';
import type { CommandContext } from './command-context.js';
import type { ProgressDisplay } from './progress.js';

export interface NetworkOptions {
  readonly url?: string;
  readonly keyFile?: string;
}

/** The coordinator that a command talks to, and how. */
export interface Endpoint {
  readonly url: string;
  readonly connection: ConnectionOptions;
}

const DEFAULT_URL = 'http://127.0.0.1:8080';

/** The coordinator that a command talks to. @throws SettingsError */
export function endpointOf(options: NetworkOptions, context: CommandContext): Endpoint {
  return givenEndpoint(options, context) ?? { url: DEFAULT_URL, connection: connectionOf(options, context) };
}

/** The same, undefined where neither flag, nor environment, nor `.env` names one. @throws SettingsError */
export function givenEndpoint(options: NetworkOptions, context: CommandContext): Endpoint | undefined {
  const url = given('SERVER_URL', '--url', options.url, context);
  return url === undefined ? undefined : { url, connection: connectionOf(options, context) };
}

function connectionOf({ keyFile }: NetworkOptions, context: CommandContext): ConnectionOptions {
  const key =
    keyFile === undefined
      ? secretOf(given('KEY', '', undefined, context), given('KEY_FILE', '', undefined, context), 'DISTRIBUTED_KEY')
      : readSecretFile(keyFile, '--key-file');
  const tls = readTlsMaterial({
    cert: given('TLS_CERT', '', undefined, context),
    key: given('TLS_KEY', '', undefined, context),
    ca: given('TLS_CA', '', undefined, context),
  });
  return { tls, ...(key !== undefined && { key }) };
}

/** A setting as flag, environment or `.env` give it. */
function given(
  name: Parameters<typeof givenSetting>[0],
  flag: string,
  value: string | undefined,
  { environment, terminal }: CommandContext,
): string | undefined {
  const flags = value === undefined ? {} : { [name]: { flag, value } };
  const found = givenSetting(name, { flags, environment, envFile: readEnvFile('.env') });
  for (const warning of found?.warnings ?? []) terminal.err(`${warning}\n`);
  return found?.text;
}

type Interruptible = Pick<CommandContext, 'signal'>;

/** Runs `work` with a client of the coordinator and closes it afterwards. */
export function withClient<T>(
  { url, connection }: Endpoint,
  context: Interruptible,
  work: (client: ProofloomClient) => Promise<T>,
): Promise<T> {
  return using(new ProofloomClient(url, connection), url, context, work);
}

/** The same with a client for operators. */
export function withOperator<T>(
  { url, connection }: Endpoint,
  context: Interruptible,
  work: (client: OperatorClient) => Promise<T>,
): Promise<T> {
  return using(new OperatorClient(url, connection), url, context, work);
}

async function using<C extends { close(): void }, T>(
  client: C,
  url: string,
  { signal }: Interruptible,
  work: (client: C) => Promise<T>,
): Promise<T> {
  const left = new AbortController();
  try {
    return await Promise.race([work(client), interrupted(signal, left.signal)]);
  } catch (error) {
    if (!(error instanceof ClientError && error.code === 'unreachable')) throw error;
    throw new ClientError('unreachable', `no coordinator answers at ${url}: ${error.message}`, {
      cause: error,
    });
  } finally {
    left.abort();
    client.close();
  }
}

/** What is interrupted says how things stand; it has this long for it. An answer that never comes is not waited for. */
const LAST_WORDS_MS = 500;

/** Rejects once the command was interrupted and did not end by itself. @param over ends the waiting */
async function interrupted(signal: AbortSignal, over: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const leave = () => {
    const failure = new CliError('aborted', 'interrupted before the coordinator had answered', 'run the command again');
    const timer = setTimeout(() => reject(failure), LAST_WORDS_MS);
    over.addEventListener('abort', () => clearTimeout(timer), { once: true });
  };
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true, signal: over });
  return promise;
}

/** Submits a job. @throws CliError `aborted`, with how to see what has become of it; ClientError */
export async function submitJob(
  client: Pick<ProofloomClient, 'url' | 'submit'>,
  request: ProofRequest,
  signal: AbortSignal,
): Promise<{ readonly jobId: string; readonly existing: boolean }> {
  return client.submit(request, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
    const message = 'interrupted before the coordinator had answered: the job may have been accepted';
    throw new CliError('aborted', message, `see: proofloom jobs --url ${client.url}`, {}, { cause: error });
  });
}

export interface FetchTools {
  readonly display: ProgressDisplay;
  readonly signal: AbortSignal;
  /** Where the proof is to go, for the words on how to fetch it later. */
  readonly out: string;
}

/**
 * Downloads the proof of a job, again and again where the connection is lost.
 * @throws CliError `unreachable`, `busy` and `aborted`, each with the command that fetches the proof later; ClientError
 */
export async function fetchProof(
  client: Pick<ProofloomClient, 'url' | 'downloadProof'>,
  job: Job,
  { display, signal, out }: FetchTools,
): Promise<Uint8Array> {
  display.show({ phase: 'download', fraction: 0 });
  const onProgress = (received: number, size: number) =>
    display.show({ phase: 'download', fraction: Math.min(received / size, ALMOST) });
  return client.downloadProof(job, { signal, onProgress }).catch((error: unknown) => {
    if (job.proof && isLost(error)) throw lostProof(job.id, error);
    const hint = `fetch it later with: proofloom download ${job.id} --out ${out} --url ${client.url}`;
    const failure = notFetched(error, job.id, signal.aborted);
    throw failure ? new CliError(failure.code, failure.message, hint, { jobId: job.id }, { cause: error }) : error;
  });
}

function isLost(error: unknown): error is ClientError {
  return error instanceof ClientError && error.code === 'not_found';
}

function lostProof(id: string, cause: ClientError): CliError {
  const message = `the final proof of job ${id} is lost: ${cause.message}`;
  return new CliError(
    'not_found',
    message,
    'submit it again, under another --key if it had one',
    { jobId: id },
    { cause },
  );
}

/** Undefined where fetching it later would not help. */
function notFetched(
  error: unknown,
  id: string,
  isInterrupted: boolean,
): Pick<CliError, 'code' | 'message'> | undefined {
  if (isInterrupted) return { code: 'aborted', message: `interrupted; the proof of job ${id} is kept` };
  if (!(error instanceof ClientError && error.isPassing)) return undefined;
  return { code: error.code, message: `the proof of job ${id} did not come whole: ${error.message}` };
}

/** Shows what watching a job tells: the bar of its phase. */
export function showUpdate(display: ProgressDisplay, { job, running }: JobUpdate): void {
  if (!job) return;
  if (job.waitingFor) return display.show({ phase: 'waiting', fraction: 0, note: job.waitingFor });
  if (job.state === 'queued' || job.state === 'planning') {
    display.show({ phase: job.state === 'queued' ? 'waiting' : 'plan', fraction: 0 });
  }
  if (job.state === 'running' && job.phase) showPhase(display, job, job.phase, running);
}

/** The part of a task that takes its time, in the kernel's words. */
const KERNEL_PHASES: Readonly<Record<JobPhaseName, string>> = {
  contribution: 'contribute',
  prove: 'prove',
  aggregate: 'aggregate',
};

const PERMILLE = 1000;
/** A phase is shown as done only when the next one begins. */
const ALMOST = 0.999;

function showPhase(
  display: ProgressDisplay,
  { progress }: Job,
  phase: JobPhaseName,
  running: JobUpdate['running'],
): void {
  const { done, total } = progress?.[phase] ?? { done: 0, total: 0 };
  const parts = running
    .filter((task) => task.phase === KERNEL_PHASES[phase])
    .reduce((sum, { permille }) => sum + permille / PERMILLE, 0);
  const fraction = total === 0 ? 0 : Math.min((done + Math.min(parts, total - done)) / total, ALMOST);
  display.show({ phase, fraction, detail: `${done}/${total} ${phase === 'aggregate' ? 'steps' : 'segments'}` });
}

/** The failure of a job that has ended otherwise than completed. */
export function jobFailure({ id, state, failure, cancelReason }: Job): CliError {
  if (state === 'cancelled') {
    const why = cancelReason ? `: ${cancelReason}` : '';
    const facts = { jobId: id, ...(cancelReason && { reason: cancelReason }) };
    return new CliError(
      'job_cancelled',
      `job ${id} was cancelled${why}`,
      'submit it again if it is still wanted',
      facts,
    );
  }
  const reason = failure ?? { code: 'UNKNOWN', message: `it is ${state}` };
  const hint = FAILURE_HINTS[reason.code] ?? "see the coordinator's log";
  return new CliError('job_failed', `job ${id} failed: ${reason.message}`, hint, { jobId: id, reason: reason.code });
}

const FAILURE_HINTS: Readonly<Record<string, string>> = {
  GUEST_FAILED: 'correct the guest or its input; `proofloom execute` shows what it does',
  FAULTY_PROVERS: 'look at the provers that were quarantined',
  TASK_QUARANTINED: 'provers were lost again and again over one segment; look at their logs',
  DEADLINE_EXCEEDED: 'allow more time, or use more provers',
  ARTIFACT_LOST: 'submit the job again',
  STATE_LOST: 'submit the job again',
  LIMIT_EXCEEDED: 'make the run smaller, or have the operator raise the limit that the message names',
  KERNEL_FAILED: 'report this with program and input',
};
