import { Injectable } from '@nestjs/common';
import type { ProverId } from '../../../domain/ids.js';
import type { ProverDescription } from '../../../domain/session/session.js';
import { Clock } from '../../../lifecycle/clock.js';
import { Timers } from '../../../lifecycle/timers.js';
import { fetchesCommitments } from '../../../wire/extensions.js';
import type { Registration } from '../../../wire/stream/prover-message.js';
import { TaskScheduler } from '../../scheduler/task-scheduler.js';
import { ProverReports } from '../sessions/prover-reports.js';
import { ThirdPartyWorkers } from '../third-party/third-party-workers.js';
import { BaselineChannel } from './baseline-channel.js';
import { ExtendedChannel } from './extended-channel.js';
import type { ProverCall } from './stream-channel.js';
import { TaskResponses } from './task-responses.js';

/** A registered prover on its stream: the way to it, and who takes what it answers. */
export type StreamConnection =
  | {
      readonly protocol: 'extended';
      readonly prover: ProverId;
      readonly channel: ExtendedChannel;
      readonly responses: TaskResponses;
    }
  | { readonly protocol: 'baseline'; readonly prover: ProverId; readonly channel: BaselineChannel };

/** Makes the connection that a prover's protocol asks for. */
@Injectable()
export class StreamConnections {
  constructor(
    private readonly scheduler: TaskScheduler,
    private readonly reports: ProverReports,
    private readonly workers: ThirdPartyWorkers,
    private readonly clock: Clock,
    private readonly timers: Timers,
  ) {}

  open(call: ProverCall, { description: { prover, protocol }, features }: Registration): StreamConnection {
    const { reports, workers, clock, timers } = this;
    const onRoom = () => this.scheduler.wake(prover);
    if (protocol === 'baseline') {
      const channel = new BaselineChannel(call, prover, { reports, workers, clock, timers, onRoom });
      return { protocol, prover, channel };
    }
    const channel = new ExtendedChannel(call, fetchesCommitments(features), onRoom);
    return { protocol, prover, channel, responses: new TaskResponses(prover, reports, channel) };
  }

  /** Why a prover gets no work of any job now, whatever it can do; null where it may. */
  problemOf({ protocol }: ProverDescription): string | null {
    return protocol === 'baseline' ? this.workers.problem : null;
  }
}
