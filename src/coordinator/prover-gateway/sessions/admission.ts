import { Injectable } from '@nestjs/common';
import type { ProverId, SessionId } from '../../../domain/ids.js';
import type { ProverDescription } from '../../../domain/session/session.js';
import type { ProverChannel } from '../../scheduler/prover-channel.js';
import type { Attached, HeldAssignments } from '../../scheduler/held-assignments.js';
import { TaskScheduler } from '../../scheduler/task-scheduler.js';
import { Incumbents } from './incumbents.js';
import { KernelCheck } from './kernel-check.js';

/** What a process says of itself when it registers. */
export interface Applicant {
  readonly description: ProverDescription;
  /** Digest of its kernel; empty where it does not say. */
  readonly kernelDigest: string;
  /** Random name of the process; empty where it does not say. */
  readonly instance: string;
}

export interface Refusal {
  readonly reason: string;
  /** Another process has the name, and answers. */
  readonly idInUse: boolean;
}

/** A session about to begin: the way to its prover, and what that holds of before. */
export interface NewSession {
  readonly id: SessionId;
  readonly channel: ProverChannel;
  /** null: it is not asked. */
  readonly heldAssignments: HeldAssignments | null;
  /** Whether the process gives a sign of life now. */
  readonly answers: () => Promise<boolean>;
}

/** Who may register as which prover, whatever the transport. */
@Injectable()
export class Admission {
  private readonly names = new Incumbents();

  constructor(
    private readonly scheduler: TaskScheduler,
    private readonly kernel: KernelCheck,
  ) {}

  /** Why a process cannot register; null where it can. */
  async refusal({ description, kernelDigest, instance }: Applicant): Promise<Refusal | null> {
    const otherKernel = description.protocol === 'baseline' ? null : this.kernel.refusal(kernelDigest);
    if (otherKernel !== null) return { reason: otherKernel, idInUse: false };
    const inUse = await this.names.refusal(description.prover, instance);
    return inUse === null ? null : { reason: inUse, idInUse: true };
  }

  /** A process was told that it cannot register. */
  refused(prover: ProverId, reason: string): void {
    this.scheduler.tell({ type: 'refused', prover, reason });
  }

  /** The process has the name from now on, and is given work over its channel. */
  admit({ description, instance }: Applicant, { id, channel, heldAssignments, answers }: NewSession): Attached {
    const attached = this.scheduler.attach(id, description, channel, heldAssignments);
    this.names.enter({ session: id, description, instance, answers });
    return attached;
  }

  /** A session is over: its name is free, unless another process has it by now. */
  left(prover: ProverId, session: SessionId): void {
    this.names.leave(prover, session);
  }
}
