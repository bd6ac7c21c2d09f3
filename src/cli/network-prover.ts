import type { Job } from '../client/job.js';
import type { ProofloomClient } from '../client/proofloom-client.js';
import type { Kernel } from '../kernel/kernel.js';
import type { VerifiedProof } from '../kernel/kernel.types.js';
import { CliError } from './cli.error.js';
import { fetchProof, jobFailure, showUpdate, submitJob, type FetchTools } from './network.js';

export interface NetworkProveRequest {
  readonly elf: Uint8Array;
  readonly input: Uint8Array;
  readonly segmentCycles: number;
  /** Only where it differs from the coordinator's limit. */
  readonly maxCycles?: bigint;
}

export interface NetworkProof {
  readonly job: Job;
  readonly proof: Uint8Array;
  readonly verified: VerifiedProof;
}

/**
 * Has a program proven by a coordinator's network and checks the result with this machine's own kernel.
 * @throws CliError `job_failed`, `job_cancelled`, `interrupted`; ClientError, KernelError
 */
export async function proveOnNetwork(
  client: ProofloomClient,
  kernel: Kernel,
  { elf, input, segmentCycles, maxCycles }: NetworkProveRequest,
  tools: FetchTools,
): Promise<NetworkProof> {
  const { display, signal } = tools;
  const request = { program: elf, input, segmentCycles, ...(maxCycles !== undefined && { maxCycles }) };
  const { jobId } = await submitJob(client, request, signal);
  const job = await client
    .wait(jobId, (update) => showUpdate(display, update), signal)
    .catch((error: unknown) => {
      throw signal.aborted ? leftRunning(jobId, client.url) : error;
    });
  if (job.state !== 'completed') throw jobFailure(job);
  const proof = await fetchProof(client, job, tools);
  display.show({ phase: 'verify', fraction: 0 });
  const verified = await kernel.verify({ proof, expected: { elf } }, { signal });
  return { job, proof, verified };
}

function leftRunning(jobId: string, url: string): CliError {
  const hint = `watch it with: proofloom watch ${jobId} --url ${url}; end it with: proofloom cancel ${jobId} --url ${url}`;
  return new CliError('aborted', `interrupted; job ${jobId} goes on`, hint, { jobId });
}
