import { Injectable } from '@nestjs/common';
import type { JobId, Sha256 } from '../../domain/ids.js';
import { AdminError } from '../transport/error-response.js';
import { toLaunch, type LaunchRequest } from '../../wire/admin/launch.js';
import type { LaunchProofRequest } from '../../wire/generated/zisk_distributed_api.js';
import { BLOCK_ID_LABEL } from '../../wire/stream/assignment.js';
import { JobsService } from '../jobs/jobs.service.js';
import { LaunchProgram, type FoundProgram } from '../proofs/launch-program.js';
import { Submissions } from '../proofs/submissions.js';
import { InputRoots } from './input-roots.js';
import { ProverList } from './prover-list.js';

/** LaunchProof: proves the configured program on a file below an allowed folder. Each call is a new job. */
@Injectable()
export class Launch {
  constructor(
    private readonly provers: ProverList,
    private readonly jobs: JobsService,
    private readonly submissions: Submissions,
    private readonly program: LaunchProgram,
    private readonly inputs: InputRoots,
  ) {}

  /**
   * The order of the checks is part of the interface.
   *
   * @throws AdminError, DomainError: INVALID_ARGUMENT, PROGRAM_NOT_FOUND, INPUT_NOT_ALLOWED, INPUT_NOT_FOUND,
   * PROVER_UNAVAILABLE, QUOTA_EXCEEDED, SYSTEM_UNAVAILABLE
   */
  async launch(message: LaunchProofRequest): Promise<JobId> {
    const request = toLaunch(message);
    const program = await this.program.find();
    return this.inputs.using(request.inputPath, async (readInput) => {
      this.checkCapacity(request.computeUnits);
      this.jobs.checkRoom();
      return this.submit(request, program, await readInput());
    });
  }

  private async submit(
    { blockId, computeUnits, simulatedNode }: LaunchRequest,
    program: FoundProgram,
    input: Uint8Array,
  ): Promise<JobId> {
    const submission = {
      program: await this.keep(program),
      input: await this.submissions.keep(input),
      computeUnits,
      labels: { [BLOCK_ID_LABEL]: blockId },
      ...(simulatedNode !== null && { simulatedNode }),
    };
    return (await this.submissions.submit(submission, null)).job;
  }

  private async keep({ bytes, sha256 }: FoundProgram): Promise<Sha256> {
    return bytes === null ? sha256 : this.submissions.keep(bytes);
  }

  private checkCapacity(asked: number): void {
    const { capacity } = this.provers;
    if (capacity === 0) throw new AdminError('PROVER_UNAVAILABLE', 'no prover is connected; start one and try again');
    if (asked <= capacity) return;
    const message = `compute_capacity is ${asked} and the connected provers have ${capacity}; ask for at most that`;
    throw new AdminError('PROVER_UNAVAILABLE', message);
  }
}
