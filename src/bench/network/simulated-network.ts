import { ProofloomClient } from '../../client/proofloom-client.js';
import type { Job } from '../../client/job.js';
import { CoordinatorProcess } from './coordinator-process.js';
import { SimulatedProver, type TaskTimes } from './simulated-prover.js';
import { SEGMENTS_LABEL } from './simulated-work.js';

/** A real coordinator process, simulated provers in this one, and a client: everything but the proving is real. */
export class SimulatedNetwork {
  private constructor(
    private readonly coordinator: CoordinatorProcess,
    readonly client: ProofloomClient,
    readonly provers: readonly SimulatedProver[],
  ) {}

  static async start(provers: number, times: TaskTimes): Promise<SimulatedNetwork> {
    const coordinator = await CoordinatorProcess.start();
    const { url } = coordinator;
    const client = new ProofloomClient(url);
    const { kernelDigest } = await client.status();
    const ids = Array.from({ length: provers }, (_, index) => `simulated-${index + 1}`);
    const connected = await Promise.all(ids.map((id) => SimulatedProver.connect({ url, id, kernelDigest, times })));
    return new SimulatedNetwork(coordinator, client, connected);
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
    this.client.close();
    await this.coordinator.stop();
  }
}
