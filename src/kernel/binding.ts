import type { ChallengeRequest, Statement } from './kernel.types.js';

/** A statement as it is kept and sent: cycles as a number below 2^53, the output as hexadecimal text. */
export interface PlainStatement extends Omit<Statement, 'cycles' | 'output'> {
  readonly cycles: number;
  readonly output: string;
}

/** What calls about one attempt at a job are bound to. @param commitments one after the other, the boundary's first */
export function bindingOf(statement: PlainStatement, commitments: Uint8Array): ChallengeRequest {
  const { cycles, output, ...rest } = statement;
  return { statement: { ...rest, cycles: BigInt(cycles), output: fromHex(output) }, commitments };
}

/** One list serves every call about an attempt at a job: with thousands of segments, turning it into bytes each time would be most of the work. */
const known = new WeakMap<readonly string[], Uint8Array>();

/** Hexadecimal commitments as the kernel takes them: one after the other. */
export function commitmentBytes(commitments: readonly string[]): Uint8Array {
  const bytes = known.get(commitments) ?? fromHex(commitments.join(''));
  known.set(commitments, bytes);
  return bytes;
}

export function fromHex(text: string): Uint8Array {
  return Buffer.from(text, 'hex');
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
