import { ProofloomClient } from '../../client/proofloom-client.js';
import type { Job } from '../../client/job.js';
import { mapBounded } from '../../lifecycle/map-bounded.js';
import type { ZiskDistributedApiClient } from '../../wire/generated/zisk_distributed_api.js';
import { CoordinatorProcess } from './coordinator-process.js';
import { connectionTo, SimulatedProver, type TaskTimes } from './simulated-prover.js';
import { SEGMENTS_LABEL } from './simulated-work.js';
import type { Usage } from './usage.js';

/** Provers that register at once. */
const CONNECTING = 256;

/** A real coordinator process, simulated provers in this one, and a client: everything but the proving is real. */
export class SimulatedNetwork {
  private constructor(
    private readonly coordinator: CoordinatorProcess,
    readonly client: ProofloomClient,
    readonly provers: readonly SimulatedProver[],
    private readonly connections: readonly ZiskDistributedApiClient[],
  ) {}

  /** @param perConnection provers that share a connection */
  static async start(provers: number, times: TaskTimes, perConnection = 1): Promise<SimulatedNetwork> {
    const coordinator = await CoordinatorProcess.start();
    const { url } = coordinator;
    const client = new ProofloomClient(url);
    const { kernelDigest } = await client.status();
    const ids = Array.from({ length: provers }, (_, index) => `simulated-${index + 1}`);
    const connections: ZiskDistributedApiClient[] = [];
    const connected = await mapBounded(ids, CONNECTING, (id, index) => {
      const shared = (connections[Math.floor(index / perConnection)] ??= connectionTo(url));
      return SimulatedProver.connect({ id, kernelDigest, times, client: shared });
    });
    return new SimulatedNetwork(coordinator, client, connected, connections);
  }

  /** What the coordinator has used since it was last asked. */
  usage(): Promise<Usage> {
    return this.coordinator.usage();
  }

  get url(): string {
    return this.coordinator.url;
  }

  /** Runs a job of so many segments to its end. @throws Error where it does not complete */
  async run(segments: number, signal: AbortSignal): Promise<Job> {
    const request = { program: Buffer.from('simulated'), labels: { [SEGMENTS_LABEL]: String(segments) } };
    const job = await this.client.prove(request, undefined, signal);
    if (job.state !== 'completed') throw new Error(`a simulated job ended as ${job.state}: ${job.failure?.message}`);
    return job;
  }

  async stop(): Promise<void> {
    for (const prover of this.provers) prover.close();
    for (const connection of this.connections) connection.close();
    this.client.close();
    await this.coordinator.stop();
  }
}
