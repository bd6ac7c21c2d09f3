import { AdminClient, type ListQuarantineResponse } from '../wire/generated/proofloom/v1/admin.js';
import { fromTimestamp } from '../wire/timestamps.js';
import { checkId, checkReason } from './arguments.js';
import { unaryAnswer } from './call.js';
import { soon, targetOf } from './channel.js';

/** A prover that gets no work until an operator releases it. */
export interface QuarantinedProver {
  readonly proverId: string;
  readonly reason: string;
  /** The job it gave a wrong result in; null where an operator quarantined it. */
  readonly jobId: string | null;
  /** Unix milliseconds. */
  readonly sinceMs: number;
  /** Sent home by an operator; nothing was wrong with its results. */
  readonly drained: boolean;
}

/**
 * A coordinator's calls for operators. Every call rejects with `ClientError`, or with a TypeError that names the
 * argument that is wrong; close the client when done.
 */
export class OperatorClient {
  private readonly admin: AdminClient;

  /** @param url `http://host:port` */
  constructor(url: string) {
    const { address, credentials, options } = targetOf(url);
    this.admin = new AdminClient(address, credentials, options);
  }

  /**
   * Gives a prover, or all that are connected, nothing new until it is released, and sends it home when it is done.
   * Returns who is on the way.
   */
  async drain(proverId = '', reason = ''): Promise<readonly string[]> {
    if (proverId !== '') checkId('proverId', proverId);
    checkReason(reason);
    const { draining } = await unaryAnswer<{ draining: string[] }>((done) =>
      this.admin.drain({ proverId, reason }, ...soon(), done),
    );
    return draining;
  }

  /** Provers that were quarantined, and why. */
  async quarantined(): Promise<readonly QuarantinedProver[]> {
    const { provers } = await unaryAnswer<ListQuarantineResponse>((done) =>
      this.admin.listQuarantine({}, ...soon(), done),
    );
    return provers.map(({ proverId, reason, jobId, since, drained }) => ({
      proverId,
      reason,
      jobId: jobId === '' ? null : jobId,
      sinceMs: since ? fromTimestamp(since) : 0,
      drained,
    }));
  }

  /** Lets a prover work again. False where it was not quarantined. */
  async release(proverId: string): Promise<boolean> {
    checkId('proverId', proverId);
    const { released } = await unaryAnswer<{ released: boolean }>((done) =>
      this.admin.releaseQuarantine({ proverId }, ...soon(), done),
    );
    return released;
  }

  close(): void {
    this.admin.close();
  }
}
