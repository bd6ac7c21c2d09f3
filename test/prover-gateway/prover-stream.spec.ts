import { EventEmitter } from 'node:events';
import { Logger } from '@nestjs/common';
import { ProverStreamSession } from '../../src/coordinator/prover-gateway/stream/prover-stream.session.js';
import type { Payload, ProverCall } from '../../src/coordinator/prover-gateway/stream/stream-channel.js';
import { ANYONE } from '../../src/domain/access/caller.js';
import type { SessionId } from '../../src/domain/ids.js';
import { ProverDescription, type CoordinatorMessage } from '../../src/wire/generated/zisk_distributed_api.js';
import { KERNEL_DIGEST, WorkerKit } from './worker-kit.js';

beforeAll(() => Logger.overrideLogger(false));

/** A process of one name on a stream. */
class Process {
  readonly received: Payload[] = [];
  readonly session: ProverStreamSession;
  /** Whether it gives signs of life. */
  answers = true;
  closedWith: unknown = null;

  constructor(
    private readonly kit: WorkerKit,
    id: string,
    private readonly instance: string,
  ) {
    const call = Object.assign(new EventEmitter(), {
      cancelled: false,
      end: () => undefined,
      write: ({ payload }: CoordinatorMessage) => {
        if (payload) this.received.push(payload);
        if (payload?.$case === 'heartbeat' && this.answers) queueMicrotask(() => void this.beat());
        return true;
      },
    });
    call.on('error', (error: unknown) => {
      this.closedWith = error;
      this.session.ended();
    });
    this.session = new ProverStreamSession(id as SessionId, call as unknown as ProverCall, ANYONE, kit.streams);
  }

  async register(): Promise<boolean | undefined> {
    const description = ProverDescription.create({ kernelDigest: KERNEL_DIGEST, instance: this.instance });
    const value = { proverId: 'anna', computeCapacity: { computeUnits: 1 }, description };
    await this.kit.jobs.during(this.session.handle({ payload: { $case: 'register', value } }), 5000);
    const answer = this.received.find(({ $case }) => $case === 'registerResponse');
    return answer?.$case === 'registerResponse' ? answer.value.accepted : undefined;
  }

  private beat(): Promise<void> {
    return this.session.handle({ payload: { $case: 'heartbeatAck', value: { proverId: 'anna', heldGrants: [] } } });
  }
}

describe('a second process of one name on a stream', () => {
  it('is refused while the first answers, however often it comes', async () => {
    const kit = await new WorkerKit().start();
    const first = new Process(kit, 's1', 'one');
    expect(await first.register()).toBe(true);
    for (const attempt of ['2', '3', '4']) {
      const other = new Process(kit, `s${attempt}`, `other-${attempt}`);
      expect(await other.register()).toBe(false);
      expect(other.received).toMatchObject([{ value: { idInUse: true, message: expect.stringContaining('anna') } }]);
    }
    expect(first.closedWith).toBeNull();
    expect(kit.jobs.scheduler.session('anna' as never)?.id).toBe('s1');
  });

  it('takes the place of a first one that does not answer any more', async () => {
    const kit = await new WorkerKit().start();
    const first = new Process(kit, 's1', 'one');
    await first.register();
    first.answers = false;
    expect(await new Process(kit, 's2', 'two').register()).toBe(true);
    expect(first.closedWith).not.toBeNull();
  });

  it('is the first itself, back over another connection: it takes over at once', async () => {
    const kit = await new WorkerKit().start();
    const lost = new Process(kit, 's1', 'one');
    await lost.register();
    expect(await new Process(kit, 's2', 'one').register()).toBe(true);
    expect(kit.jobs.scheduler.session('anna' as never)?.id).toBe('s2');
  });

  it.each([
    ['', 'two'],
    ['one', ''],
  ])('is taken where one of the two does not say which process it is (%j, %j)', async (older, newer) => {
    const kit = await new WorkerKit().start();
    await new Process(kit, 's1', older).register();
    expect(await new Process(kit, 's2', newer).register()).toBe(true);
  });
});
