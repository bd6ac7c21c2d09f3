import { KernelError } from '../kernel.error.js';

/** A request or response of the kernel's binary interface (docs/kernel-abi.md). */
export interface KernelMessage {
  readonly header: Readonly<Record<string, unknown>>;
  readonly blobs: readonly Uint8Array[];
}

const LENGTH_BYTES = 4;

/** Lays out a message as one buffer of its own. */
export function encodeMessage(header: Readonly<Record<string, unknown>>, blobs: readonly Uint8Array[]): Uint8Array {
  const head = new TextEncoder().encode(JSON.stringify({ ...header, blobs: blobs.map(({ length }) => length) }));
  const total = blobs.reduce((sum, { length }) => sum + length, LENGTH_BYTES + head.length);
  const message = new Uint8Array(total);
  new DataView(message.buffer).setUint32(0, head.length, true);
  message.set(head, LENGTH_BYTES);
  let offset = LENGTH_BYTES + head.length;
  for (const blob of blobs) {
    message.set(blob, offset);
    offset += blob.length;
  }
  return message;
}

/**
 * Reads a message; the blobs are views into it.
 * @throws KernelError `protocol` where the layout is not the one of the interface
 */
export function decodeMessage(message: Uint8Array): KernelMessage {
  if (message.length < LENGTH_BYTES) throw malformed(`it has ${message.length} bytes`);
  const headLength = new DataView(message.buffer, message.byteOffset).getUint32(0, true);
  const bodyStart = LENGTH_BYTES + headLength;
  if (bodyStart > message.length) throw malformed(`its header of ${headLength} bytes is cut off`);
  const header = parseHeader(message.subarray(LENGTH_BYTES, bodyStart));
  return { header, blobs: split(message.subarray(bodyStart), blobLengths(header)) };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw malformed('its header is no JSON text', { cause });
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw malformed('its header is no object');
  return header as Record<string, unknown>;
}

function blobLengths({ blobs = [] }: Record<string, unknown>): number[] {
  if (Array.isArray(blobs) && blobs.every((length) => Number.isSafeInteger(length) && length >= 0)) return blobs;
  throw malformed('header.blobs is no list of lengths');
}

function split(body: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (total !== body.length) throw malformed(`its blobs have ${total} bytes and ${body.length} follow the header`);
  let offset = 0;
  return lengths.map((length) => body.subarray(offset, (offset += length)));
}

function malformed(why: string, options?: ErrorOptions): KernelError {
  return new KernelError('protocol', `the kernel's answer cannot be read: ${why}`, {}, options);
}
