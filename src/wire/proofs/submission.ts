import { invalidArgument } from '../../domain/errors.js';
import { parseSha256 } from '../../domain/ids.js';
import type { Submission } from '../../domain/job/submission.js';
import type { SubmitRequest } from '../generated/proofloom/v1/proofs.js';

const MAX_INLINE_BYTES = 64 * 1024;

/** @throws DomainError INVALID_ARGUMENT naming the field */
export function toSubmission(request: SubmitRequest): Submission {
  const { limits } = request;
  return {
    program: parseSha256(request.programDigest, 'program_digest'),
    input: inputOf(request),
    computeUnits: request.computeCapacity,
    priority: request.priority,
    deadlineMs: Number(request.deadlineMs),
    labels: request.labels,
    segmentCycles: request.segmentCycles,
    ...(limits && { limits: { ...limits, maxCycles: Number(limits.maxCycles) } }),
  };
}

function inputOf({ input }: SubmitRequest): Submission['input'] {
  switch (input?.$case) {
    case 'inputDigest':
      return parseSha256(input.value, 'input_digest');
    case 'inputInline': {
      const { length } = input.value;
      if (length <= MAX_INLINE_BYTES) return input.value;
      throw invalidArgument('input_inline', `${length} bytes`, `at most ${MAX_INLINE_BYTES} bytes; upload it`);
    }
    case undefined:
      return new Uint8Array();
  }
}
