import { status, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';
import type { JobId } from '../../domain/ids.js';
import type { ProverReport } from '../../domain/job/prover-report.js';
import { Backoff } from '../../lifecycle/backoff.js';
import { beat } from '../../lifecycle/beat.js';
import type { CancelTimer } from '../../lifecycle/timers.js';
import type { HeldTask, ReceiveTasksResponse, TaskCancellation } from '../../wire/generated/coordinator/coordinator.js';
import type { Sender } from '../work/task-manager.js';
import { assignmentNamed, tasksNamed } from '../../wire/stream/coordinator-message.js';
import { fromTaskAssignment, toHeldTask } from '../../wire/unary/coordinator-message.js';
import type { CoordinatorClient } from './coordinator-client.js';
import type { ConnectionParts } from './coordinator-connection.js';
import type { Closed } from './coordinator-stream.js';
import { ReportSender } from './report-sender.js';

/** Heartbeats that may fail one after the other before the connection is made anew. */
const MISSED_HEARTBEATS = 2;
/** A stream that lasted this long was a good one: its loss is answered at once. */
const GOOD_STREAM_MS = 5000;
/** Last words must have been heard by then. */
const FAREWELL_MS = 2000;

/**
 * One registration at a coordinator, until it is not known there any more or cannot be reached: heartbeats, the stream of
 * tasks, opened again whenever it is lost, and reports.
 */
export class UnarySession implements Sender {
  private readonly reports: ReportSender;
  private readonly backoff: Backoff;
  private readonly stopHeartbeats: CancelTimer;
  private stream: ClientReadableStream<ReceiveTasksResponse> | undefined;
  private cancelReopen: CancelTimer = () => undefined;
  private isBeating = false;
  private missed = 0;
  private isClosed = false;

  /**
   * @param client registered
   * @param onClosed once, and nothing after it
   */
  constructor(
    private readonly client: CoordinatorClient,
    private readonly parts: ConnectionParts,
    heartbeatIntervalMs: number,
    private readonly onClosed: (why: Closed) => void,
  ) {
    const { timers, random, taskManager } = parts;
    this.backoff = new Backoff(random);
    this.reports = new ReportSender({
      client,
      timers,
      random,
      acknowledge: (result, verdict) => taskManager.acknowledge(result, verdict),
      endsSession: (error) => this.endedBy(error),
    });
    this.stopHeartbeats = beat(timers, random, heartbeatIntervalMs, () => void this.sayHeartbeat());
    void this.sayHeartbeat();
    this.reopen();
  }

  /** Results and failures become calls; that an assignment has arrived is said by the heartbeat that names it. */
  readonly send = (report: ProverReport): boolean => {
    if (this.isClosed) return false;
    return report.kind === 'received' || report.kind === 'unreadable' || this.reports.send(report);
  };

  /** There is no call for what may be lost. */
  readonly offer = (): void => undefined;

  /** Says goodbye, once everything else is said. */
  async leave(): Promise<void> {
    if (this.isClosed) return;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = this.parts.timers.after(FAREWELL_MS, resolve);
    await Promise.race([this.reports.settled(), late]);
    cancel();
    if (this.isClosed) return;
    this.close();
    await this.client.heartbeat(this.heldTasks(), 0, true).catch(() => undefined);
    this.client.close();
  }

  private async sayHeartbeat(): Promise<void> {
    if (this.isBeating || this.isClosed) return;
    const { taskManager, depart } = this.parts;
    this.isBeating = true;
    try {
      const { abandon, drain } = await this.client.heartbeat(this.heldTasks(), taskManager.load);
      this.missed = 0;
      for (const task of abandon) this.abandon(task);
      if (drain) depart({ kind: 'drained', reason: 'the coordinator asks this prover to finish and to leave' });
    } catch (error) {
      this.missedBeat(error as ServiceError);
    } finally {
      this.isBeating = false;
    }
  }

  private missedBeat(error: ServiceError): void {
    this.missed += 1;
    if (this.endedBy(error) || this.missed < MISSED_HEARTBEATS) return;
    this.lose({ kind: 'lost', reason: error.details || error.message });
  }

  private reopen(): void {
    this.cancelReopen = this.parts.timers.after(this.backoff.next(), () => this.receive());
  }

  private receive(): void {
    if (this.isClosed) return;
    const openedMs = this.parts.clock.monotonicMs();
    const stream = this.client.receiveTasks();
    this.stream = stream;
    const over = (error?: ServiceError) => {
      if (stream !== this.stream || this.isClosed) return;
      this.stream = undefined;
      if (error && this.endedBy(error)) return;
      if (this.parts.clock.monotonicMs() - openedMs >= GOOD_STREAM_MS) this.backoff.reset();
      this.reopen();
    };
    stream.on('data', (message: ReceiveTasksResponse) => this.take(message));
    stream.on('error', over);
    stream.on('end', () => over());
  }

  private take({ event }: ReceiveTasksResponse): void {
    if (this.isClosed || !event) return;
    this.backoff.reset();
    if (event.$case === 'assignment') {
      this.parts.taskManager.execute(event.value.jobId, () => fromTaskAssignment(event.value));
    } else {
      this.cancel(event.value);
    }
  }

  private cancel(cancellation: TaskCancellation): void {
    const { taskManager } = this.parts;
    if (cancellation.assignmentId === '') taskManager.jobCancelled(cancellation.jobId as JobId);
    else taskManager.revoke(assignmentNamed(cancellation), tasksNamed(cancellation));
  }

  private abandon(heldTask: HeldTask): void {
    const tasks = tasksNamed({ taskIds: heldTask.taskId === '' ? [] : [heldTask.taskId] });
    this.parts.taskManager.revoke(assignmentNamed(heldTask), tasks);
  }

  private heldTasks(): HeldTask[] {
    return this.parts.taskManager.heldAssignments().map(toHeldTask);
  }

  /** Whether the coordinator does not know this session, any more or at all. */
  private endedBy({ code, details, message }: ServiceError): boolean {
    if (code !== status.NOT_FOUND && code !== status.ABORTED) return false;
    this.lose({ kind: code === status.ABORTED ? 'replaced' : 'lost', reason: details || message });
    return true;
  }

  private lose(why: Closed): void {
    if (this.isClosed) return;
    this.close();
    this.client.close();
    this.onClosed(why);
  }

  private close(): void {
    this.isClosed = true;
    this.stopHeartbeats();
    this.cancelReopen();
    this.reports.close();
    this.stream?.cancel();
  }
}
