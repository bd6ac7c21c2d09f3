import type { ExpectedProgram } from '../kernel/kernel.types.js';

const VK_DIGEST = /^[0-9a-f]{64}$/i;

/** @throws TypeError */
export function checkProof(proof: unknown): void {
  checkBytes('proof', proof);
}

/**
 * What the kernel is to compare with.
 * @throws TypeError where it is neither a program nor a digest, or both
 */
export function checkExpectation(expected: unknown): ExpectedProgram {
  const { program, vkDigest } = (expected ?? {}) as Record<string, unknown>;
  if ((program === undefined) === (vkDigest === undefined)) {
    throw new TypeError(
      'expected must be { vkDigest } or { program }: whose proof is it? Without it nothing is verified',
    );
  }
  if (vkDigest === undefined) return { elf: checkBytes('expected.program', program) };
  if (typeof vkDigest === 'string' && VK_DIGEST.test(vkDigest)) return { vkDigest: vkDigest.toLowerCase() };
  throw new TypeError(`expected.vkDigest must be 64 hexadecimal digits; it is ${shown(vkDigest)}`);
}

function checkBytes(name: string, value: unknown): Uint8Array {
  // Not instanceof: bytes may come from another frame or realm.
  const isBytes = ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
  if (isBytes) return value as Uint8Array;
  throw new TypeError(`${name} must be a Uint8Array with the bytes of the file; it is ${shown(value)}`);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 80))}`;
  if (typeof value === 'object' && value !== null) return Object.prototype.toString.call(value);
  return String(value);
}
