import { status } from '@grpc/grpc-js';
import { Controller, type BeforeApplicationShutdown } from '@nestjs/common';
import { GrpcStreamCall } from '@nestjs/microservices';
import { finalize, type Observable } from 'rxjs';
import { Settings } from '../../../config/settings.js';
import type { SessionId } from '../../../domain/ids.js';
import { Clock } from '../../../lifecycle/clock.js';
import { Random } from '../../../lifecycle/random.js';
import { Timers } from '../../../lifecycle/timers.js';
import { ZISK_DISTRIBUTED_API } from '../../../wire/services.js';
import { callerOf } from '../../transport/callers.js';
import { StatusError } from '../../transport/status-error.js';
import { toStatus } from '../../transport/grpc-errors.js';
import { TaskScheduler } from '../../scheduler/task-scheduler.js';
import { Admission } from '../sessions/admission.js';
import { KernelCheck } from '../sessions/kernel-check.js';
import { inbound } from './inbound.js';
import { ProverStreamSession, type StreamSessionParts } from './prover-stream.session.js';
import type { ProverCall } from './stream-channel.js';
import { StreamConnections } from './stream-connections.js';

/** A stream whose first message has not come by then is closed. */
const FIRST_MESSAGE_MS = 5000;
const SESSION_ID_BYTES = 8;

/** The bidirectional streams of provers, under both names of the call. */
@Controller()
export class ProverStreamController implements BeforeApplicationShutdown {
  private readonly sessions = new Set<ProverStreamSession>();
  private stopping = false;

  private readonly parts: StreamSessionParts;

  constructor(
    scheduler: TaskScheduler,
    admission: Admission,
    connections: StreamConnections,
    kernel: KernelCheck,
    clock: Clock,
    private readonly timers: Timers,
    private readonly random: Random,
    { leases: { heartbeatIntervalMs } }: Settings,
  ) {
    this.parts = { scheduler, admission, connections, kernel, clock, timers, random, heartbeatIntervalMs };
  }

  /** Streams of registered provers. */
  get connections(): number {
    return [...this.sessions].filter(({ isRegistered }) => isRegistered).length;
  }

  @GrpcStreamCall(ZISK_DISTRIBUTED_API, 'ProverStream')
  proverStream(call: ProverCall): void {
    this.serve(call);
  }

  @GrpcStreamCall(ZISK_DISTRIBUTED_API, 'WorkerStream')
  workerStream(call: ProverCall): void {
    this.serve(call);
  }

  /** Ends every stream in good order, so that provers know and come back to the next coordinator. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    for (const session of this.sessions) session.shutdown('the coordinator stops');
  }

  private serve(call: ProverCall): void {
    if (this.stopping) throw new StatusError(status.UNAVAILABLE, 'the coordinator stops; try again soon');
    const id = this.random.hex(SESSION_ID_BYTES) as SessionId;
    const session = new ProverStreamSession(id, call, callerOf(call.metadata), this.parts);
    this.sessions.add(session);
    const cancelDeadline = this.timers.after(FIRST_MESSAGE_MS, () => {
      if (!session.isRegistered) call.emit('error', tooLate());
    });
    this.messages(call, session)
      .pipe(
        finalize(() => {
          cancelDeadline();
          this.sessions.delete(session);
          session.ended();
        }),
      )
      .subscribe({
        error: (error: unknown) => {
          session.failed(error);
          call.emit('error', toStatus(error));
        },
        complete: () => call.end(),
      });
  }

  private messages(call: ProverCall, session: ProverStreamSession): Observable<never> {
    return inbound(call, (message) => session.handle(message));
  }
}

function tooLate(): StatusError {
  return new StatusError(status.DEADLINE_EXCEEDED, `no register message came within ${FIRST_MESSAGE_MS} ms`);
}
