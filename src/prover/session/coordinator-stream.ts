import { status, type ClientDuplexStream, type ServiceError } from '@grpc/grpc-js';
import type { Target } from '../../client/channel.js';
import { plainDetails } from '../../client/connection-problem.js';
import type { Clock } from '../../lifecycle/clock.js';
import type { CancelTimer, Timers } from '../../lifecycle/timers.js';
import {
  ZiskDistributedApiClient,
  type CoordinatorMessage,
  type ProverMessage,
} from '../../wire/generated/zisk_distributed_api.js';
import type { ProverPayload } from '../../wire/stream/coordinator-message.js';
import { SILENT_HEARTBEATS } from '../../domain/session/session.js';

export type CoordinatorPayload = NonNullable<CoordinatorMessage['payload']>;

/** Why a connection is over. */
export type Closed =
  /** Another process has registered under the same name. */
  | { readonly kind: 'replaced'; readonly reason: string }
  /** The connection broke, or the coordinator ended it: it may be there again soon. */
  | { readonly kind: 'lost'; readonly reason: string; readonly code?: status };

export interface StreamListener {
  /** The coordinator serves the call: it waits for the first message. */
  readonly opened: () => void;
  readonly message: (payload: CoordinatorPayload) => void;
  /** Once, and nothing after it. */
  readonly closed: (why: Closed) => void;
}

/** Headers and the answer to the registration must be there by then. */
const FIRST_ANSWER_MS = 5000;
/** Bytes that may wait for a slow connection before messages that can be lost are. */
const MAX_WAITING_BYTES = 64 * 1024;
/** Bytes that may wait at all; a connection that slow is as good as lost. */
const MAX_BUFFERED_BYTES = 8 * 2 ** 20;

/** One connection to a coordinator, from the first attempt to its end. */
export class CoordinatorStream {
  private readonly client: ZiskDistributedApiClient;
  private readonly call: ClientDuplexStream<ProverMessage, CoordinatorMessage>;
  private lastHeardMs: number;
  private cancelWatch: CancelTimer;
  private isClosed = false;

  constructor(
    { address, credentials, options }: Target,
    private readonly listener: StreamListener,
    private readonly clock: Clock,
    private readonly timers: Timers,
  ) {
    // A connection of its own: whether it can be made shows at once, and nothing else travels on it.
    this.client = new ZiskDistributedApiClient(address, credentials, {
      ...options,
      'grpc.use_local_subchannel_pool': 1,
    });
    this.call = this.client.proverStream();
    this.lastHeardMs = clock.attentiveMs();
    this.cancelWatch = timers.after(FIRST_ANSWER_MS, () => this.lose(`no answer within ${FIRST_ANSWER_MS} ms`));
    this.call.on('metadata', () => this.opened());
    this.call.on('data', (message: CoordinatorMessage) => this.take(message));
    this.call.on('error', (error: ServiceError) => this.close(closedBy(error)));
    this.call.on('end', () => this.lose('the coordinator ended the stream'));
  }

  /** Begins to watch that the coordinator says something. @param intervalMs its heartbeat */
  watch(intervalMs: number): void {
    this.cancelWatch();
    this.cancelWatch = this.timers.every(intervalMs, () => {
      const silentMs = this.clock.attentiveMs() - this.lastHeardMs;
      if (silentMs > SILENT_HEARTBEATS * intervalMs) this.lose(`nothing was heard for ${Math.round(silentMs)} ms`);
    });
  }

  /** False where the message could not be sent. */
  send(payload: ProverPayload): boolean {
    if (this.isClosed) return false;
    if (this.call.writableLength > MAX_BUFFERED_BYTES) {
      this.lose('the connection is too slow');
      return false;
    }
    this.call.write({ payload });
    return true;
  }

  /** For what may be lost: sent only while nothing waits to be sent. */
  offer(payload: ProverPayload): void {
    if (!this.isClosed && this.call.writableLength < MAX_WAITING_BYTES) this.call.write({ payload });
  }

  /** Ends the connection in good order: what was sent still goes out. */
  end(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.cancelWatch();
    this.call.end();
    this.client.close();
  }

  private opened(): void {
    if (!this.isClosed) this.listener.opened();
  }

  private take({ payload }: CoordinatorMessage): void {
    this.lastHeardMs = this.clock.attentiveMs();
    if (payload && !this.isClosed) this.listener.message(payload);
  }

  private lose(reason: string): void {
    this.close({ kind: 'lost', reason });
  }

  private close(why: Closed): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.cancelWatch();
    this.call.cancel();
    this.client.close();
    this.listener.closed(why);
  }
}

function closedBy({ code, details, message }: ServiceError): Closed {
  const reason = plainDetails(details) || message;
  return code === status.ABORTED ? { kind: 'replaced', reason } : { kind: 'lost', reason, code };
}
