import { Logger } from '@nestjs/common';
import { DomainError } from '../../domain/errors.js';
import type { KernelProgress } from '../../kernel/kernel.types.js';
import type { Random } from '../../lifecycle/random.js';
import type { Timers } from '../../lifecycle/timers.js';
import { HANDED_BACK } from '../../wire/extensions.js';
import type {
  ExecuteTaskRequest,
  ExecuteTaskResponse,
  HeldGrant,
  JobCancelled,
  ProverMessage,
  ResultAck,
  ResultRef,
  Revoke,
  TaskFailure,
} from '../../wire/generated/zisk_distributed_api.js';
import { GrantWork, type BusySpan, type WorkFailure, type WorkTools } from './grant-work.js';
import { ResultOutbox } from './result-outbox.js';
import type { Product } from './task-runner.js';
import { orderKey, toWorkOrder, type OrderedTask, type WorkOrder } from './work-order.js';

export type Payload = NonNullable<ProverMessage['payload']>;

/** The way to the coordinator while there is one. */
export interface Outlet {
  /** False where the message could not be sent. */
  readonly send: (payload: Payload) => boolean;
  /** For messages that may be lost: sent only while nothing waits to be sent. */
  readonly offer: (payload: Payload) => void;
}

export interface DeskParts extends WorkTools {
  readonly proverId: string;
  readonly timers: Timers;
  readonly random: Random;
}

/** Orders taken on at once; the coordinator never grants nearly as many. */
const MAX_ORDERS = 1024;
const PERMILLE = 1000;

/** Everything this prover has taken on: grants being worked on and results not yet acknowledged. */
export class WorkDesk {
  private readonly log = new Logger(WorkDesk.name);
  private readonly works = new Map<string, GrantWork>();
  private readonly outbox: ResultOutbox;
  /** Failures of grants still held; told again on every new connection. */
  private readonly failures = new Map<string, ExecuteTaskResponse[]>();
  private readonly idleWaiters = new Set<() => void>();
  private outlet: Outlet | undefined;
  private closing = false;

  constructor(private readonly parts: DeskParts) {
    const { materials, timers, random } = parts;
    const send = (answer: ExecuteTaskResponse) => this.answer(answer);
    this.outbox = new ResultOutbox({ materials, timers, random, send, onSettled: () => this.tellIfIdle() });
  }

  get isIdle(): boolean {
    return this.works.size === 0 && this.outbox.unacknowledged().length === 0;
  }

  /** Compute units in use. */
  get load(): number {
    return this.parts.slots.taken;
  }

  /** A connection is there: what the coordinator may not have heard is said again. */
  connected(outlet: Outlet): void {
    this.outlet = outlet;
    for (const answer of [...this.failures.values()].flat()) this.answer(answer);
    this.outbox.resend();
  }

  disconnected(): void {
    this.outlet = undefined;
  }

  /** Takes on a grant, confirms it, and begins. The same grant again is only confirmed again. */
  execute(request: ExecuteTaskRequest): void {
    const order = this.read(request);
    if (!order) return;
    this.outlet?.send({ $case: 'taskAck', value: { jobId: order.job, epoch: order.epoch } });
    if (this.works.has(order.key) || this.hasResultOf(order)) return;
    if (this.closing || this.works.size >= MAX_ORDERS) return this.handBack(order, this.closing ? 'stopping' : 'full');
    const { job, epoch, tasks } = order;
    this.log.log({ message: 'work begins', job, epoch: Number(epoch), first: tasks[0]?.key, tasks: tasks.length });
    const work = new GrantWork(order, this.parts, {
      product: this.takeProduct,
      failure: this.takeFailure,
      progress: this.showProgress,
      over: this.forgetOrder,
    });
    this.works.set(order.key, work);
    work.start();
  }

  /** Stops working on tasks of a grant. Finished ones stay: their results may count all the same. */
  revoke(revoke: Revoke): void {
    const work = this.works.get(orderKey(revoke));
    if (!work) return;
    const { jobId: job, epoch, taskIds } = revoke;
    this.log.log({ message: 'work taken back', job, epoch: Number(epoch), tasks: taskIds.join(' ') || 'all' });
    work.revoke(taskIds);
  }

  jobCancelled({ jobId }: JobCancelled): void {
    const works = [...this.works.values()].filter(({ order }) => order.job === jobId);
    if (works.length > 0) this.log.log({ message: 'job cancelled, its work stops', job: jobId });
    for (const work of works) work.revoke([]);
    this.outbox.forget(jobId);
  }

  acknowledge(ack: ResultAck): void {
    this.outbox.acknowledge(ack);
  }

  /** What the coordinator is told to be held here, grant by grant. */
  heldGrants(): HeldGrant[] {
    const held = new Map<string, HeldGrant>();
    const grants = [...this.works.values()].map(({ order: { job, epoch } }) => ({ jobId: job, epoch }));
    for (const { jobId, epoch } of [...grants, ...this.outbox.unacknowledged()]) {
      held.set(orderKey({ jobId, epoch }), { jobId, epoch, taskIds: [] });
    }
    return [...held.values()];
  }

  unacknowledged(): ResultRef[] {
    return this.outbox.unacknowledged();
  }

  /** Resolves when nothing is being worked on and every result is acknowledged. */
  async idle(): Promise<void> {
    while (!this.isIdle) await new Promise<void>((resolve) => void this.idleWaiters.add(resolve));
  }

  /** Finishes the segments that are being worked on, delivers them, and gives the rest back. */
  async windDown(): Promise<void> {
    this.closing = true;
    await Promise.all([...this.works.values()].map((work) => this.windDownOne(work)));
    await this.idle();
  }

  /** Gives back at once what is not finished, and forgets everything. */
  close(): void {
    this.closing = true;
    for (const work of this.works.values()) this.giveUp(work);
    this.outbox.close();
  }

  private async windDownOne(work: GrantWork): Promise<void> {
    await work.windDown();
    if (!work.isOver) this.giveUp(work);
  }

  private giveUp(work: GrantWork): void {
    this.handBack(work.order, 'the prover stops');
    work.revoke([]);
  }

  private read(request: ExecuteTaskRequest): WorkOrder | undefined {
    try {
      return toWorkOrder(request);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const { message, hint } = error;
      this.log.error({ message: 'an order of the coordinator cannot be followed', reason: `${message}; ${hint}` });
      const value = { proverId: this.parts.proverId, jobId: request.jobId, errorMessage: `${message}; ${hint}` };
      this.outlet?.send({ $case: 'error', value });
      return undefined;
    }
  }

  private hasResultOf({ key }: WorkOrder): boolean {
    return this.outbox.unacknowledged().some((result) => orderKey(result) === key);
  }

  private readonly takeProduct = (order: WorkOrder, task: OrderedTask, product: Product, busy: BusySpan): void => {
    this.log.log({ message: 'task done', job: order.job, task: task.key, ms: busy.endMs - busy.startMs });
    const spans = [{ startMs: BigInt(busy.startMs), endMs: BigInt(busy.endMs) }];
    this.outbox.add({
      jobId: order.job,
      epoch: order.epoch,
      taskId: task.key,
      product,
      answer: (result) => ({
        ...this.answerTo(order),
        success: true,
        results: [{ taskId: task.key, result }],
        busy: spans,
      }),
      onRefused: ({ code, message }) => this.takeRefusal(order, task, code, message),
    });
  };

  private readonly takeFailure = (order: WorkOrder, { tasks, code, message, retryable }: WorkFailure): void => {
    const taskIds = tasks.map(({ key }) => key);
    this.log.warn({ message: 'tasks failed', job: order.job, tasks: taskIds.join(' '), code, reason: message });
    const answer = this.failureOf(order, { taskIds, code, retryable }, message);
    this.failures.set(order.key, [...(this.failures.get(order.key) ?? []), answer]);
    this.answer(answer);
  };

  /** Said once: where that is lost, the coordinator sees that the grant is not held any more. */
  private takeRefusal(order: WorkOrder, { key }: OrderedTask, code: string, message: string): void {
    this.log.warn({ message: 'result refused', job: order.job, task: key, code, reason: message });
    this.answer(this.failureOf(order, { taskIds: [key], code, retryable: false }, message));
  }

  private readonly showProgress = ({ job, epoch }: WorkOrder, task: OrderedTask, progress: KernelProgress): void => {
    const { phase, fraction } = progress;
    const value = { jobId: job, epoch, taskId: task.key, phase, permille: Math.round(fraction * PERMILLE) };
    this.outlet?.offer({ $case: 'progress', value });
  };

  private readonly forgetOrder = ({ key }: WorkOrder): void => {
    this.works.delete(key);
    this.failures.delete(key);
    this.tellIfIdle();
  };

  private handBack(order: WorkOrder, why: string): void {
    this.answer(this.failureOf(order, { taskIds: [], code: HANDED_BACK, retryable: true }, why));
  }

  private failureOf(order: WorkOrder, failure: TaskFailure, errorMessage: string): ExecuteTaskResponse {
    return { ...this.answerTo(order), errorMessage, failure };
  }

  private answerTo({ job, epoch, type }: WorkOrder): ExecuteTaskResponse {
    return {
      jobId: job,
      proverId: this.parts.proverId,
      taskType: type,
      success: false,
      errorMessage: '',
      resultData: undefined,
      epoch,
      results: [],
      failure: undefined,
      totals: undefined,
      busy: [],
    };
  }

  private answer(value: ExecuteTaskResponse): boolean {
    return this.outlet?.send({ $case: 'executeTaskResponse', value }) ?? false;
  }

  private tellIfIdle(): void {
    if (!this.isIdle) return;
    for (const tell of this.idleWaiters) tell();
    this.idleWaiters.clear();
  }
}
