import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { loadSettings } from '../../src/config/settings.loader.js';
import { ContentStore } from '../../src/content/content-store.js';
import { SystemClock } from '../../src/lifecycle/clock.js';
import { SystemRandom } from '../../src/lifecycle/random.js';
import { SystemTimers } from '../../src/lifecycle/timers.js';
import { DataFolder } from '../../src/prover/data-folder.js';
import { ProverIdentity } from '../../src/prover/prover-identity.js';
import { ProverService } from '../../src/prover/prover.service.js';
import {
  ZiskDistributedApiClient,
  type JobStatus,
  type JobStatusResponse,
  type LaunchProofResponse,
  type ProverInfo,
  type ProversListResponse,
  type StatusInfoResponse,
} from '../../src/wire/generated/zisk_distributed_api.js';
import { answer, eventually } from '../support/calls.js';
import { scratchFolder } from '../support/program.js';
import { HonestWork, ThirdPartyWorker, type TaskHandler } from './third-party-worker.js';
import { ScriptedCoordinator, type ScriptedCoordinatorOptions } from './scripted-coordinator.js';

const running: ScriptedCoordinator[] = [];
const connected: { disconnect: () => void }[] = [];

/** Ends everything that the networks of a test have left; for `afterEach`. */
export async function stopNetworks(): Promise<void> {
  for (const worker of connected.splice(0)) worker.disconnect();
  await Promise.all(running.splice(0).map((coordinator) => coordinator.stop()));
}

/** A coordinator, and the ways to reach it that a test needs. */
export async function network(options: ScriptedCoordinatorOptions) {
  const coordinator = await ScriptedCoordinator.start(options);
  running.push(coordinator);
  const api = new ZiskDistributedApiClient(coordinator.address, credentials.createInsecure());
  connected.push({ disconnect: () => api.close() });
  const worker = (
    id: string,
    units: number,
    onTask: TaskHandler = honest(coordinator).handle,
    call?: 'ProverStream' | 'WorkerStream',
  ) => {
    const made = new ThirdPartyWorker(coordinator.address, id, onTask, call);
    connected.push(made);
    return made.register(units);
  };
  const launched = async (computeCapacity: number, blockId = 'block', simulatedNode?: number) => {
    const request = { blockId, computeCapacity, inputPath: 'n.bin', simulatedNode };
    return (await answer<LaunchProofResponse>((done) => api.launchProof(request, done))).result;
  };
  const launch = async (...request: Parameters<typeof launched>): Promise<string> => {
    const result = await launched(...request);
    if (result?.$case !== 'jobId') throw new Error(JSON.stringify(result));
    return result.value;
  };
  const status = async (jobId: string): Promise<JobStatus> => {
    const { result } = await answer<JobStatusResponse>((done) => api.jobStatus({ jobId }, done));
    if (result?.$case !== 'job') throw new Error(JSON.stringify(result));
    return result.value;
  };
  const ended = (jobId: string) =>
    eventually(async () => {
      const job = await status(jobId);
      return ['Completed', 'Failed', 'Cancelled'].includes(job.state) ? job : undefined;
    }, 60_000);
  const provers = async (availableOnly = false): Promise<ProverInfo[]> => {
    const { result } = await answer<ProversListResponse>((done) => api.proversList({ availableOnly, after: '' }, done));
    return result?.$case === 'proversList' ? result.value.provers : [];
  };
  /** Something that `stopNetworks` has to end as well. */
  const adopt = <T extends { disconnect: () => void }>(made: T): T => {
    connected.push(made);
    return made;
  };
  return { coordinator, api, worker, launched, launch, status, ended, provers, adopt };
}

/** The tasks of a worker, done rightly. */
export const honest = (coordinator: ScriptedCoordinator, perAnswer?: number) =>
  new HonestWork(coordinator.kernel, coordinator.program, perAnswer);

/** A prover of ours, in this process, with the same scripted kernel. */
export async function ours(coordinator: ScriptedCoordinator, api: ZiskDistributedApiClient, id: string, units: number) {
  const { kernelDigest } = await answer<StatusInfoResponse>((done) => api.statusInfo({}, done));
  const environment = { DISTRIBUTED_SERVER_URL: `http://${coordinator.address}` };
  const { settings } = loadSettings({ flags: {}, environment, envFile: {} });
  const random = new SystemRandom();
  const folder = DataFolder.claim(scratchFolder());
  const content = new ContentStore({ folder: join(folder.path, 'artifacts'), maxBytes: 2 ** 20 }, random);
  const identity = new ProverIdentity(id, units, kernelDigest, 'host', 7, 'instance');
  const { kernel } = coordinator;
  const service = new ProverService(
    settings,
    identity,
    kernel,
    content,
    folder,
    new SystemClock(),
    new SystemTimers(),
    random,
  );
  service.onApplicationBootstrap();
  connected.push({ disconnect: () => void service.beforeApplicationShutdown() });
  await eventually(async () => {
    const { result } = await answer<ProversListResponse>((done) =>
      api.proversList({ availableOnly: true, after: '' }, done),
    );
    const provers = result?.$case === 'proversList' ? result.value.provers : [];
    return provers.some(({ proverId }) => proverId === id) || undefined;
  });
}
