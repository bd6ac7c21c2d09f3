import { concatCommitments } from '../../src/kernel/abi/statement.js';
import { KernelService } from '../../src/kernel/kernel.service.js';
import type { KernelError } from '../../src/kernel/kernel.error.js';
import type { ChallengeRequest } from '../../src/kernel/kernel.types.js';
import { LocalProver, type LocalProof } from '../../src/kernel/local-prover.js';
import { guestFile } from './guests.js';

const THREAD_ENTRY = new URL('../../dist/kernel/threads/kernel.worker.js', import.meta.url);
const PROVE_MS = 180_000;

const kernel = new KernelService({ threads: 2, threadEntry: THREAD_ENTRY });
const elf = guestFile('elf/fibonacci.elf');
const input = guestFile('inputs/fibonacci-1000.bin');
const LIMITS = { maxCycles: 1_000_000n, maxMemoryBytes: 64 << 20, maxOutputBytes: 1 << 20 };

function proveLocally(): Promise<LocalProof> {
  const request = { elf, input, segmentCycles: 4000, limits: LIMITS, threads: 2 };
  const options = { signal: new AbortController().signal, onProgress: () => undefined, nowMs: () => 0 };
  return new LocalProver(kernel, request, options).prove();
}

async function refusal(call: Promise<unknown>): Promise<Pick<KernelError, 'code'> & { rule: unknown }> {
  const error = await call.then(
    () => undefined,
    (reason: KernelError) => reason,
  );
  if (!error) throw new Error('the proof was accepted');
  return { code: error.code, rule: error.details['rule'] };
}

/** The proof with one byte changed. */
function changed(proof: Uint8Array, at: number): Uint8Array {
  const copy = proof.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

/** Where the public output stands in the proof's header. */
function outputAt(proof: Uint8Array, output: Uint8Array): number {
  return Buffer.from(proof).indexOf(Buffer.from(output));
}

afterAll(() => kernel.close());

/** What a prover may send in the place of a segment proof; the coordinator judges it by what the kernel says of it. */
describe('what is no segment proof', () => {
  let binding: ChallengeRequest;
  let vk: Uint8Array;

  beforeAll(async () => {
    const request = { elf, input, segmentCycles: 4000 };
    const plan = await kernel.plan({ ...request, limits: LIMITS, purpose: 'prove' });
    if (plan.outcome === 'failed') throw new Error(plan.failure.message);
    const { statement } = plan;
    const segments = Array.from({ length: statement.segments + 1 }, (_, segment) => segment);
    const made = await kernel.contribute({ ...request, segments });
    binding = { statement, commitments: concatCommitments(made.map(({ commitment }) => commitment)) };
    ({ vk } = await kernel.setup(elf));
  }, PROVE_MS);

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a byte', new Uint8Array(1)],
    ['zeroes', new Uint8Array(10_000)],
    ['ones', new Uint8Array(10_000).fill(255)],
    ['a program', elf],
  ])('is rejected as a segment, and as a part of the final proof: %s', async (_what, proof) => {
    const rejected = { name: 'KernelError', isRejection: true };
    await expect(kernel.verifySegment({ ...binding, vk, segment: 1, proof })).rejects.toMatchObject(rejected);
    const proofs = Array.from({ length: binding.statement.segments + 1 }, () => proof);
    for (const verifyProofs of [true, false]) {
      await expect(kernel.aggregate({ ...binding, vk, proofs, verifyProofs })).rejects.toMatchObject(rejected);
    }
  });
});

describe('a proof of a run in three segments', () => {
  let local: LocalProof;

  beforeAll(async () => {
    local = await proveLocally();
  }, PROVE_MS);

  it('says what the oracle says', () => {
    const { statement, securityBits } = local.verified;
    expect(statement).toMatchObject({ exitCode: 0, cycles: 11060n, segments: 3 });
    expect(Buffer.from(statement.output).toString('hex')).toBe('4b60c05cc74d590b');
    expect(securityBits).toBeGreaterThanOrEqual(100);
  });

  it('verifies by the digest of its key alone', async () => {
    const { vkDigest } = local.verified.statement;
    await expect(kernel.verify({ proof: local.proof, expected: { vkDigest } })).resolves.toEqual(local.verified);
  });

  it('is refused for another program', async () => {
    const other = { elf: guestFile('elf/sort.elf') };
    await expect(refusal(kernel.verify({ proof: local.proof, expected: other }))).resolves.toEqual({
      code: 'verification_failed',
      rule: 'WRONG_PROGRAM',
    });
  });

  it('is refused with another output', async () => {
    const { proof, verified } = local;
    const forged = changed(proof, outputAt(proof, verified.statement.output));
    await expect(refusal(kernel.verify({ proof: forged, expected: { elf } }))).resolves.toMatchObject({
      code: 'verification_failed',
    });
  });

  it('is refused with any byte changed, and never breaks the verifier', async () => {
    const { proof } = local;
    for (let i = 0; i < 24; i++) {
      const at = Math.floor((proof.length * (2 * i + 1)) / 48);
      const { code } = await refusal(kernel.verify({ proof: changed(proof, at), expected: { elf } }));
      expect(['invalid_proof', 'verification_failed']).toContain(code);
    }
  }, PROVE_MS);

  it('is refused when it is cut short, longer, of another version, or no proof at all', async () => {
    const { proof } = local;
    const longer = new Uint8Array([...proof, 0]);
    for (const bytes of [proof.slice(0, -1), longer, changed(proof, 4), new Uint8Array(), proof.slice(0, 9)]) {
      const { code } = await refusal(kernel.verify({ proof: bytes, expected: { elf } }));
      expect(code).toBe('invalid_proof');
    }
  });

  it('has the same bytes when it is made again', async () => {
    const again = await proveLocally();
    expect(Buffer.compare(again.proof, local.proof)).toBe(0);
  }, PROVE_MS);
});
