import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ArtifactClient } from '../client/artifact-client.js';
import { targetOf } from '../client/channel.js';
import type { ConnectionOptions } from '../client/connection-options.js';
import { Settings } from '../config/settings.js';
import { ContentStore } from '../content/content-store.js';
import { Kernel } from '../kernel/kernel.js';
import { Clock } from '../lifecycle/clock.js';
import { Random } from '../lifecycle/random.js';
import { Timers } from '../lifecycle/timers.js';
import { TlsFiles } from '../tls/tls-files.js';
import { DataFolder } from './data-folder.js';
import { ProverIdentity } from './prover-identity.js';
import { ProverKey } from './prover-key.js';
import type { CoordinatorConnection, StopReason } from './session/coordinator-connection.js';
import { StreamConnection } from './session/stream-connection.js';
import { UnaryConnection } from './session/unary-connection.js';
import { ArtifactFetcher } from './work/artifact-fetcher.js';
import { Slots } from './work/slots.js';
import { TaskManager } from './work/task-manager.js';

const CONNECTIONS = { stream: StreamConnection, unary: UnaryConnection };

/** The prover as a whole: connected to its coordinator from the start to the stop of the process. */
@Injectable()
export class ProverService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Resolves when the prover has reason to end by itself. */
  readonly stopReason: Promise<StopReason>;
  private readonly log = new Logger('Prover');
  private readonly client: ArtifactClient;
  private readonly taskManager: TaskManager;
  private readonly link: CoordinatorConnection;
  private readonly key: ProverKey;
  private readonly connection: ConnectionOptions;
  private readonly depart: (why: StopReason) => void;
  private readonly stopping = new AbortController();

  constructor(
    private readonly settings: Settings,
    identity: ProverIdentity,
    kernel: Kernel,
    content: ContentStore,
    folder: DataFolder,
    clock: Clock,
    private readonly timers: Timers,
    random: Random,
  ) {
    const files = new TlsFiles(settings.tls.paths);
    files.watch(timers);
    this.connection = { tls: () => files.material };
    this.key = new ProverKey({ settings, folder: folder.path, proverId: identity.id, clock, timers, random });
    const target = targetOf(settings.server.url, { ...this.connection, key: () => this.key.secret });
    const { promise, resolve: depart } = Promise.withResolvers<StopReason>();
    this.stopReason = promise;
    this.depart = depart;
    this.client = new ArtifactClient(target, content);
    const artifacts = new ArtifactFetcher(this.client, timers, random);
    const slots = new Slots(identity.computeUnits);
    this.taskManager = new TaskManager({ kernel, artifacts, slots, clock, timers, random });
    const Connection = CONNECTIONS[settings.prover.transport];
    this.link = new Connection({ identity, taskManager: this.taskManager, target, clock, timers, random, depart });
  }

  onApplicationBootstrap(): void {
    if (this.key.mustEnrol) void this.enrol();
    else this.link.start();
  }

  /** Finishes the segments in work within the time that a stop may take, and gives the rest back. */
  async beforeApplicationShutdown(signal?: string): Promise<void> {
    if (signal) this.log.log({ message: 'stopping', signal });
    this.stopping.abort();
    if (this.link.isConnected && !this.taskManager.isIdle) {
      this.log.log('finishing the segments in work');
      await this.within(this.settings.shutdownGraceMs, this.taskManager.finishRunning());
    }
    this.taskManager.close();
    await this.link.stop();
    this.client.close();
    this.log.log('stopped');
  }

  private async enrol(): Promise<void> {
    const { signal } = this.stopping;
    const refusal = await this.key.enrol(this.connection, signal);
    if (refusal !== null) this.depart({ kind: 'rejected', reason: refusal });
    else if (!signal.aborted) this.link.start();
  }

  private async within(limitMs: number, work: Promise<void>): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = this.timers.after(limitMs, resolve);
    await Promise.race([work, late]);
    cancel();
  }
}
