import { isKernelErrorCode, KernelError, type KernelErrorDetails } from '../kernel.error.js';
import { Fields } from './fields.js';
import { decodeMessage } from './message.js';

export interface Answer {
  readonly fields: Fields;
  /** @throws KernelError `protocol` where the answer has no blob of that index */
  readonly blob: (index: number) => Uint8Array;
}

/** Reads a response. @throws KernelError the kernel's own where it refused the request, else `protocol` */
export function readAnswer(response: Uint8Array): Answer {
  const { header, blobs } = decodeMessage(response);
  if (header['ok'] !== true) throw readError(header['error']);
  const blob = (index: number) => {
    const found = blobs[index];
    if (!found) throw new KernelError('protocol', `the kernel's answer has ${blobs.length} blobs and none at ${index}`);
    return found;
  };
  return { fields: new Fields(header), blob };
}

function readError(error: unknown): KernelError {
  const { code, message, details } = (error ?? {}) as Record<string, unknown>;
  if (!isKernelErrorCode(code)) return new KernelError('protocol', `the kernel failed with ${JSON.stringify(error)}`);
  return new KernelError(code, String(message), (details ?? {}) as KernelErrorDetails);
}
