import { invalidArgument } from '../../domain/errors.js';
import type { LaunchProofRequest } from '../generated/zisk_distributed_api.js';

/** What LaunchProof asks for. */
export interface LaunchRequest {
  readonly blockId: string;
  readonly computeUnits: number;
  /** As the caller writes it. */
  readonly inputPath: string;
  readonly simulatedNode: number | null;
}

const MAX_BLOCK_ID = 200;
const MAX_PATH = 4096;

/** The order of the checks is part of the interface. @throws DomainError INVALID_ARGUMENT naming the field */
export function toLaunch({ blockId, computeCapacity, inputPath, simulatedNode }: LaunchProofRequest): LaunchRequest {
  if (computeCapacity === 0) throw invalidArgument('compute_capacity', 0, 'at least 1');
  atMost('block_id', blockId, MAX_BLOCK_ID);
  atMost('input_path', inputPath, MAX_PATH);
  if (simulatedNode !== undefined && simulatedNode >= computeCapacity) {
    throw invalidArgument('simulated_node', simulatedNode, `0 to ${computeCapacity - 1}, below compute_capacity`);
  }
  return { blockId, computeUnits: computeCapacity, inputPath, simulatedNode: simulatedNode ?? null };
}

function atMost(field: string, text: string, length: number): void {
  if (text.length > length) {
    throw invalidArgument(field, `${text.length} characters long`, `at most ${length} characters long`);
  }
}
