import type { ChallengeRequest, Statement } from './kernel.types.js';

/** A statement as it is kept and sent: cycles as a number below 2^53, the output as hexadecimal text. */
export interface PlainStatement extends Omit<Statement, 'cycles' | 'output'> {
  readonly cycles: number;
  readonly output: string;
}

/** What calls about one attempt at a job are bound to. @param commitments hexadecimal, the boundary's first */
export function bindingOf(statement: PlainStatement, commitments: readonly string[]): ChallengeRequest {
  const { cycles, output, ...rest } = statement;
  return {
    statement: { ...rest, cycles: BigInt(cycles), output: fromHex(output) },
    commitments: commitments.map(fromHex),
  };
}

export function fromHex(text: string): Uint8Array {
  return Buffer.from(text, 'hex');
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
