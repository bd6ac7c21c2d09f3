import type { ExpectedProgram, VerifiedProof } from '../kernel.types.js';
import { readAnswer } from './answer.js';
import { encodeMessage } from './message.js';
import { readStatement } from './statement.js';

/** The request to verify a final proof. */
export function verifyRequest(proof: Uint8Array, expected: ExpectedProgram): Uint8Array {
  return 'elf' in expected
    ? encodeMessage({ op: 'verify', expect: 'elf' }, [proof, expected.elf])
    : encodeMessage({ op: 'verify', expect: 'vk', vkDigest: expected.vkDigest }, [proof]);
}

/**
 * What was verified.
 * @throws KernelError with the kernel's reason where the proof was not accepted
 */
export function readVerified(response: Uint8Array): VerifiedProof {
  const { fields, blob } = readAnswer(response);
  const statement = readStatement(fields.object('statement'), blob(0));
  return { statement, securityBits: fields.number('securityBits') };
}
