import { Injectable } from '@nestjs/common';
import type { JobId, Sha256 } from '../../domain/ids.js';
import { AdminError } from '../transport/error-response.js';
import type { LaunchProofRequest } from '../../wire/generated/zisk_distributed_api.js';
import { BLOCK_ID_LABEL } from '../../wire/stream/assignment.js';
import { JobsService } from '../jobs/jobs.service.js';
import { LaunchProgram, type FoundProgram } from '../proofs/launch-program.js';
import { Submissions } from '../proofs/submissions.js';
import { InputRoots } from './input-roots.js';
import { ProverList } from './prover-list.js';

const MAX_BLOCK_ID = 200;
const MAX_PATH = 4096;

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
  async launch(request: LaunchProofRequest): Promise<JobId> {
    checkArguments(request);
    const program = await this.program.find();
    return this.inputs.using(request.inputPath, async (readInput) => {
      this.checkCapacity(request.computeCapacity);
      this.jobs.checkRoom();
      return this.submit(request, program, await readInput());
    });
  }

  private async submit(
    { blockId, computeCapacity, simulatedNode }: LaunchProofRequest,
    program: FoundProgram,
    input: Uint8Array,
  ): Promise<JobId> {
    const submission = {
      program: await this.keep(program),
      input: await this.submissions.keep(input),
      computeUnits: computeCapacity,
      labels: { [BLOCK_ID_LABEL]: blockId },
      ...(simulatedNode !== undefined && { simulatedNode }),
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

function checkArguments({ blockId, computeCapacity, inputPath, simulatedNode }: LaunchProofRequest): void {
  if (computeCapacity === 0) throw wrong('compute_capacity is 0; allowed: at least 1');
  if (blockId.length > MAX_BLOCK_ID) throw wrong(`block_id must have at most ${MAX_BLOCK_ID} characters`);
  if (inputPath.length > MAX_PATH) throw wrong(`input_path must have at most ${MAX_PATH} characters`);
  if (simulatedNode !== undefined && simulatedNode >= computeCapacity) {
    throw wrong(`simulated_node is ${simulatedNode}; allowed: 0 to ${computeCapacity - 1}, below compute_capacity`);
  }
}

function wrong(message: string): AdminError {
  return new AdminError('INVALID_ARGUMENT', message);
}
