import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ArtifactClient } from '../client/artifact-client.js';
import { targetOf } from '../client/channel.js';
import { Settings } from '../config/settings.js';
import { ContentStore } from '../content/content-store.js';
import { Kernel } from '../kernel/kernel.js';
import { Clock } from '../lifecycle/clock.js';
import { Random } from '../lifecycle/random.js';
import { Timers } from '../lifecycle/timers.js';
import { ProverIdentity } from './prover-identity.js';
import type { CoordinatorLink, Departure } from './session/coordinator-link.js';
import { StreamLink } from './session/stream-link.js';
import { UnaryLink } from './session/unary-link.js';
import { Materials } from './work/materials.js';
import { Slots } from './work/slots.js';
import { WorkDesk } from './work/work-desk.js';

const LINKS = { stream: StreamLink, unary: UnaryLink };

/** The prover as a whole: connected to its coordinator from the start to the stop of the process. */
@Injectable()
export class ProverService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Resolves when the prover has reason to end by itself. */
  readonly departure: Promise<Departure>;
  private readonly log = new Logger('Prover');
  private readonly client: ArtifactClient;
  private readonly desk: WorkDesk;
  private readonly link: CoordinatorLink;

  constructor(
    private readonly settings: Settings,
    identity: ProverIdentity,
    kernel: Kernel,
    content: ContentStore,
    clock: Clock,
    private readonly timers: Timers,
    random: Random,
  ) {
    const target = targetOf(settings.server.url);
    const { promise, resolve: depart } = Promise.withResolvers<Departure>();
    this.departure = promise;
    this.client = new ArtifactClient(target, content);
    const materials = new Materials(this.client, timers, random);
    const slots = new Slots(identity.computeUnits);
    this.desk = new WorkDesk({ kernel, materials, slots, clock, timers, random });
    const Link = LINKS[settings.prover.transport];
    this.link = new Link({ identity, desk: this.desk, target, clock, timers, random, depart });
  }

  onApplicationBootstrap(): void {
    this.link.start();
  }

  /** Finishes the segments in work within the time that a stop may take, and gives the rest back. */
  async beforeApplicationShutdown(signal?: string): Promise<void> {
    if (signal) this.log.log({ message: 'stopping', signal });
    if (this.link.isConnected && !this.desk.isIdle) {
      this.log.log('finishing the segments in work');
      await this.within(this.settings.shutdownGraceMs, this.desk.windDown());
    }
    this.desk.close();
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
