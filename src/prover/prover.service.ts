import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ArtifactClient } from '../client/artifact-client.js';
import { targetOf } from '../client/channel.js';
import { secretOf } from '../config/secret-file.js';
import { Settings } from '../config/settings.js';
import { ContentStore } from '../content/content-store.js';
import { Kernel } from '../kernel/kernel.js';
import { Clock } from '../lifecycle/clock.js';
import { Random } from '../lifecycle/random.js';
import { Timers } from '../lifecycle/timers.js';
import { TlsFiles } from '../tls/tls-files.js';
import { ProverIdentity } from './prover-identity.js';
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

  constructor(
    private readonly settings: Settings,
    identity: ProverIdentity,
    kernel: Kernel,
    content: ContentStore,
    clock: Clock,
    private readonly timers: Timers,
    random: Random,
  ) {
    const { key, keyFile } = settings.prover;
    const secret = secretOf(key, keyFile, 'DISTRIBUTED_KEY');
    const tls = new TlsFiles(settings.tls.paths);
    tls.watch(timers);
    const target = targetOf(settings.server.url, {
      ...(secret !== undefined && { key: secret }),
      tls: () => tls.material,
    });
    const { promise, resolve: depart } = Promise.withResolvers<StopReason>();
    this.stopReason = promise;
    this.client = new ArtifactClient(target, content);
    const artifacts = new ArtifactFetcher(this.client, timers, random);
    const slots = new Slots(identity.computeUnits);
    this.taskManager = new TaskManager({ kernel, artifacts, slots, clock, timers, random });
    const Connection = CONNECTIONS[settings.prover.transport];
    this.link = new Connection({ identity, taskManager: this.taskManager, target, clock, timers, random, depart });
  }

  onApplicationBootstrap(): void {
    this.link.start();
  }

  /** Finishes the segments in work within the time that a stop may take, and gives the rest back. */
  async beforeApplicationShutdown(signal?: string): Promise<void> {
    if (signal) this.log.log({ message: 'stopping', signal });
    if (this.link.isConnected && !this.taskManager.isIdle) {
      this.log.log('finishing the segments in work');
      await this.within(this.settings.shutdownGraceMs, this.taskManager.finishRunning());
    }
    this.taskManager.close();
    await this.link.stop();
    this.client.close();
    this.log.log('stopped');
  }

  private async within(limitMs: number, work: Promise<void>): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = this.timers.after(limitMs, resolve);
    await Promise.race([work, late]);
    cancel();
  }
}
