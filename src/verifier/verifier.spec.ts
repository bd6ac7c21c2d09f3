import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../test/support/program.js';
import { KernelError, Verifier, verify, type Expectation } from './node.js';

const golden = (name: string) => readFileSync(join(ROOT, 'kernel/vm/tests/golden', `fibonacci_v3.${name}`));
const [proof, program, vkDigest] = [golden('plm'), golden('elf'), golden('vk').toString()];
const OTHER = '0'.repeat(64);

const failureOf = (call: Promise<unknown>): Promise<KernelError> =>
  call.then(
    () => Promise.reject(new Error('the call did not fail')),
    (error: KernelError) => error,
  );

/** The proof with one byte changed. */
function changed(at: number): Uint8Array {
  const copy = new Uint8Array(proof);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe('verify', () => {
  it.each<[string, Expectation]>([
    ["its program's key", { vkDigest }],
    ['its key in capitals', { vkDigest: vkDigest.toUpperCase() }],
    ['the program itself', { program }],
  ])('accepts a proof by %s, and says what it proves', async (_by, expected) => {
    const { statement, securityBits } = await verify(proof, expected);
    expect(statement).toMatchObject({ vkDigest, exitCode: 0 });
    expect(statement.cycles).toBeGreaterThan(0n);
    expect(securityBits).toBeGreaterThan(100);
  });

  it.each<[string, Uint8Array, Expectation, string]>([
    ['for another program', proof, { vkDigest: OTHER }, 'verification_failed'],
    ['that was changed', changed(proof.length - 100_000), { vkDigest }, 'verification_failed'],
    ['that is cut off', proof.subarray(0, proof.length - 1), { vkDigest }, 'invalid_proof'],
    ['that is none', program, { vkDigest }, 'invalid_proof'],
    ['that is empty', new Uint8Array(), { vkDigest }, 'invalid_proof'],
  ])('rejects a proof %s', async (_what, bytes, expected, code) => {
    const failure = await failureOf(verify(bytes, expected));
    expect(failure).toBeInstanceOf(KernelError);
    expect(failure).toMatchObject({ code, isRejection: true });
  });

  it('does not call it a rejection where the program to compare with is none', async () => {
    const failure = await failureOf(verify(proof, { program: proof }));
    expect(failure).toMatchObject({ code: 'invalid_elf', isRejection: false });
  });

  it.each<[string, unknown, unknown, string]>([
    [
      'a path for the proof',
      'proof.plm',
      { vkDigest },
      'proof must be a Uint8Array with the bytes of the file; it is the text "proof.plm"',
    ],
    ['no proof', undefined, { vkDigest }, 'proof must be a Uint8Array'],
    ['a buffer without a view', proof.buffer, { vkDigest }, 'it is [object ArrayBuffer]'],
    ['nothing to compare with', proof, {}, 'expected must be { vkDigest } or { program }'],
    ['no expectation', proof, undefined, 'expected must be'],
    ['both', proof, { vkDigest, program }, 'expected must be'],
    [
      'a short digest',
      proof,
      { vkDigest: 'ab' },
      'expected.vkDigest must be 64 hexadecimal digits; it is the text "ab"',
    ],
    ['a path for the program', proof, { program: 'a.elf' }, 'expected.program must be a Uint8Array'],
  ])('refuses %s', async (_what, bytes, expected, message) => {
    const failure = await failureOf(verify(bytes as Uint8Array, expected as Expectation));
    expect(failure).toBeInstanceOf(TypeError);
    expect(failure.message).toContain(message);
  });
});

describe('a verifier with a kernel of its own', () => {
  it('says where it cannot be loaded, and loads again with the next proof', async () => {
    const kernels = [new Uint8Array([1, 2, 3]), readFileSync(join(ROOT, 'kernel/dist/proofloom_kernel.wasm'))];
    const verifier = new Verifier(async () => kernels.shift() ?? new Uint8Array());
    const failure = await failureOf(verifier.verify(proof, { vkDigest }));
    expect(failure).toMatchObject({ code: 'unavailable', isRejection: false });
    expect(failure.message).toContain('install the package again');
    await expect(verifier.verify(proof, { vkDigest })).resolves.toMatchObject({ statement: { exitCode: 0 } });
  });
});
