import { writeFileSync } from 'node:fs';
import { ContentError } from '../../src/content/content.error.js';
import type { ContentStore } from '../../src/content/content-store.js';
import type { KernelJobWork } from '../../src/coordinator/kernel-work/kernel-job-work.js';
import type { Commitment, Attempt, Segment } from '../../src/domain/ids.js';
import type { ArtifactRef } from '../../src/domain/job/job-state.js';
import { parseTaskKey } from '../../src/domain/job/task.js';
import { KernelError, type KernelErrorCode } from '../../src/kernel/kernel.error.js';
import type { Statement } from '../../src/kernel/kernel.types.js';
import { defined, type JobDriver } from '../domain/job-driver.js';
import { cleanUp } from '../support/program.js';
import type { ScriptedKernel } from '../support/scripted-kernel.js';
import { ELF, INPUT, kernelWork, PROOF_LIMIT, WHOLE_RUN } from './kernel-work-kit.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

let content: ContentStore;
let kernel: ScriptedKernel;
let work: KernelJobWork;
let driver: JobDriver;

beforeEach(async () => {
  ({ content, kernel, work, driver } = await kernelWork());
});

afterAll(cleanUp);

/** Plans the job and brings it to where its challenge is due. @returns its segments, the boundary first */
async function challenging(): Promise<number[]> {
  const planned = await work.plan(driver.job, WHOLE_RUN);
  if (planned.kind !== 'planned') throw new Error(planned.kind);
  driver.apply(planned);
  const segments = Array.from({ length: kernel.segments + 1 }, (_, segment) => segment);
  const made = await kernel.contribute({ elf: ELF, input: INPUT, segmentCycles: 512, segments });
  const contributing = driver.assignment(
    'anna',
    segments.map((segment) => `contribute/${segment}`),
  );
  for (const { segment, commitment } of made) {
    driver.commitment('anna', contributing, segment, hex(commitment) as Commitment);
  }
  return segments;
}

/** Plans the job and brings it, with real bytes in the store, to where its final proof is due. */
async function aggregating(): Promise<void> {
  const segments = await challenging();
  driver.apply({ kind: 'challenge_derived', attempt: 1 as Attempt, ...(await work.challenge(driver.job)) });
  const keys = segments.map((segment) => `prove/1/${segment}`);
  const proving = driver.assignment('anna', keys);
  for (const [segment, key] of keys.entries()) {
    const artifact = await proofOf(segment);
    const report = driver.header('anna', proving, key);
    const result = await work.check(driver.job, report.task, artifact);
    if (result.kind === 'missing') throw new Error('the proof was stored');
    driver.apply({ kind: 'report_proof', report, artifact });
    driver.apply({ kind: 'proof_checked', report, result });
  }
  expect(driver.run.stage).toBe('AGGREGATING');
}

async function proofOf(segment: number): Promise<ArtifactRef> {
  const { plan, contribute } = driver.run;
  const statement: Statement = { ...plan, cycles: BigInt(plan.cycles), output: Buffer.from(plan.output, 'hex') };
  const commitments = Buffer.from([...contribute].map((_task, index) => commitmentText(index)).join(''), 'hex');
  const { proof } = await kernel.prove({ elf: ELF, input: INPUT, segmentCycles: 512, statement, commitments, segment });
  return (await content.putBytes(proof)) as ArtifactRef;
}

function commitmentText(segment: number): string {
  const slot = driver.run.commitments.at(segment);
  return slot?.kind === 'claimed' ? slot.commitment : '';
}

const FINAL = { kind: 'aggregate', attempt: 1 as Attempt } as const;

describe('the commitments that a challenge is derived from', () => {
  it('go with each assignment while they are few', async () => {
    kernel.segments = 127;
    await challenging();
    await expect(work.challenge(driver.job)).resolves.toMatchObject({ commitmentList: null });
  });

  it('become an artifact where they are many', async () => {
    kernel.segments = 128;
    const segments = await challenging();
    const { commitmentList } = await work.challenge(driver.job);
    const expected = segments.map(commitmentText).join('');
    expect(commitmentList?.size).toBe(129 * 32);
    expect(hex(await content.read(commitmentList?.sha256 ?? ''))).toBe(expected);
  });
});

describe('a proof made by the coordinator itself', () => {
  it('[case: proof-limit] that is too large to be kept can never be', async () => {
    await aggregating();
    kernel.prove = () => Promise.resolve({ proof: Buffer.alloc(PROOF_LIMIT + 1), logHeights: [] });
    await expect(work.prove(driver.job, 1 as Segment, WHOLE_RUN.signal)).rejects.toMatchObject({
      name: 'HopelessWork',
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining(`allowed: at most ${PROOF_LIMIT} (DISTRIBUTED_LIMIT_PROOF)`),
    });
  });

  it('is the one a prover would make; under a wrong commitment there is none', async () => {
    await aggregating();
    await expect(work.prove(driver.job, 1 as Segment, WHOLE_RUN.signal)).resolves.toEqual(
      driver.run.proofs.at(1)?.artifact,
    );
    const refusal = new KernelError('invalid_request', 'not its commitment', {
      field: "the segment's commitment",
      got: '00',
    });
    kernel.prove = () => Promise.reject(refusal);
    await expect(work.prove(driver.job, 1 as Segment, WHOLE_RUN.signal)).resolves.toBeNull();
  });

  it('that the kernel refuses is refused everywhere', async () => {
    await aggregating();
    kernel.prove = () => Promise.reject(new KernelError('internal', 'impossible'));
    await expect(work.prove(driver.job, 1 as Segment, WHOLE_RUN.signal)).rejects.toMatchObject({
      code: 'KERNEL_FAILED',
    });
    kernel.prove = () => Promise.reject(new KernelError('worker_lost', 'killed'));
    await expect(work.prove(driver.job, 1 as Segment, WHOLE_RUN.signal)).rejects.toMatchObject({ code: 'worker_lost' });
  });
});

describe('the final proof', () => {
  it('counts only where the stored bytes are read again, and are the ones that were aggregated', async () => {
    await aggregating();
    work.precompute(driver.job);
    const made = await work.aggregateLocally(driver.job);
    if (made.kind !== 'aggregated_locally') throw new Error(made.kind);
    const { final } = made;
    writeFileSync(content.pathOf(final.sha256), Buffer.alloc(final.size));
    await expect(work.check(driver.job, FINAL, final)).resolves.toEqual({ kind: 'missing' });
    await work.aggregateLocally(driver.job);
    writeFileSync(content.pathOf(final.sha256), Buffer.alloc(final.size));
    await expect(work.aggregateLocally(driver.job)).resolves.toEqual(made);
    await expect(content.isWhole(final)).resolves.toBe(true);
  });

  it('has the size that its file has, whatever its prover says', async () => {
    await aggregating();
    const { sha256, size } = await proofOf(1);
    const task = { kind: 'prove', attempt: 1 as Attempt, segment: 1 as Segment } as const;
    const checked = await work.check(driver.job, task, { sha256, size: size + 1 });
    expect(checked).toEqual({ kind: 'verified', artifact: { sha256, size } });
  });

  it('is taken without another verification where it is what aggregating the proofs here gives', async () => {
    await aggregating();
    work.precompute(driver.job);
    const aggregated = await work.aggregateLocally(driver.job);
    if (aggregated.kind !== 'aggregated_locally') throw new Error(aggregated.kind);
    await expect(work.check(driver.job, FINAL, aggregated.final)).resolves.toMatchObject({ kind: 'verified' });
    expect(kernel.calls).not.toContain('verify');
  });

  it('is not taken where its bytes are gone, although aggregating the proofs here gave the same', async () => {
    await aggregating();
    work.precompute(driver.job);
    const aggregated = await work.aggregateLocally(driver.job);
    if (aggregated.kind !== 'aggregated_locally') throw new Error(aggregated.kind);
    await content.remove(aggregated.final.sha256);
    await expect(work.check(driver.job, FINAL, aggregated.final)).resolves.toEqual({ kind: 'missing' });
  });

  it('is verified in full where it is anything else', async () => {
    await aggregating();
    work.precompute(driver.job);
    const other = (await content.putBytes(Buffer.alloc(64, 7))) as ArtifactRef;
    await expect(work.check(driver.job, FINAL, other)).resolves.toMatchObject({
      kind: 'refused',
      reason: 'the proof is of another program',
    });
    expect(kernel.calls).toContain('verify');
  });

  it('is verified in full by a coordinator that did not aggregate the proofs, and against the plan', async () => {
    await aggregating();
    const aggregated = await work.aggregateLocally(driver.job);
    if (aggregated.kind !== 'aggregated_locally') throw new Error(aggregated.kind);
    // The scripted kernel's final proof names no input, so its run is another than the planned one.
    await expect(work.check(driver.job, FINAL, aggregated.final)).resolves.toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('another run'),
    });
  });

  it('is aggregated without verifying again the proofs that were verified when they were reported', async () => {
    await aggregating();
    await work.aggregateLocally(driver.job);
    expect(kernel.calls.at(-1)).toBe('aggregate 2');
  });

  it('is not aggregated of a proof that was damaged on the disk after it was verified: that one is lost', async () => {
    await aggregating();
    const damaged = driver.run.proofs.at(1)?.artifact.sha256 ?? '';
    writeFileSync(content.pathOf(damaged), 'other bytes');
    await expect(work.aggregateLocally(driver.job)).resolves.toEqual({ kind: 'proof_lost', attempt: 1, segment: 1 });
    expect(kernel.calls).not.toContain('aggregate 2');
  });

  it('cannot be aggregated of proofs that do not fit together', async () => {
    await aggregating();
    kernel.aggregate = () =>
      Promise.reject(new KernelError('verification_failed', 'the cross-segment sum is not zero'));
    await expect(work.aggregateLocally(driver.job)).resolves.toEqual({ kind: 'unbalanced' });
  });

  it('cannot be aggregated where a verified proof is gone, and says which', async () => {
    await aggregating();
    const lost = driver.run.proofs.at(1)?.artifact.sha256 ?? '';
    await content.remove(lost);
    await expect(work.aggregateLocally(driver.job)).resolves.toEqual({ kind: 'proof_lost', attempt: 1, segment: 1 });
  });
});

describe('a proof over which the verifier stops', () => {
  const SEGMENT = { kind: 'prove', attempt: 1 as Attempt, segment: 1 as Segment } as const;
  let stop: (proof: Uint8Array) => KernelError | null;
  let reported: ArtifactRef;

  beforeEach(async () => {
    await aggregating();
    reported = (await content.putBytes(Buffer.from('a trap'))) as ArtifactRef;
    const [verifySegment, verify] = [kernel.verifySegment.bind(kernel), kernel.verify.bind(kernel)];
    kernel.verifySegment = async (request) => {
      const stopped = stop(request.proof);
      if (stopped) throw stopped;
      return verifySegment(request);
    };
    kernel.verify = async (request) => {
      const stopped = stop(request.proof);
      if (stopped) throw stopped;
      return verify(request);
    };
  });

  const overIt = (code: KernelErrorCode) => (proof: Uint8Array) =>
    proof.length > 0 ? new KernelError(code, 'unreachable executed') : null;

  describe.each([
    ['of a segment', SEGMENT],
    ['that is final', FINAL],
  ])('%s', (_what, task) => {
    it.each(['trapped', 'internal', 'protocol', 'invalid_request', 'limit_exceeded'] as const)(
      'again and again (%s) is refused, where other bytes are judged',
      async (code) => {
        stop = overIt(code);
        await expect(work.check(driver.job, task, reported)).resolves.toEqual({
          kind: 'refused',
          reason: `the verifier stops over it: ${code}: unreachable executed`,
        });
      },
    );

    it('once is judged by the second try', async () => {
      let tries = 0;
      stop = () => ((tries += 1) === 1 ? new KernelError('trapped', 'once') : null);
      await expect(work.check(driver.job, task, reported)).resolves.toMatchObject({
        kind: 'refused',
        reason: expect.not.stringContaining('stops'),
      });
    });

    it('is not to blame where the verifier stops over anything', async () => {
      stop = () => new KernelError('trapped', 'it is broken');
      await expect(work.check(driver.job, task, reported)).rejects.toMatchObject({ code: 'trapped' });
    });

    it.each(['out_of_memory', 'worker_lost', 'timeout', 'queue_full', 'closed', 'unavailable'] as const)(
      'is not to blame for what is the host’s (%s)',
      async (code) => {
        stop = overIt(code);
        await expect(work.check(driver.job, task, reported)).rejects.toMatchObject({ code });
      },
    );
  });
});

describe('a file that cannot be read now', () => {
  it('waits while no file can be opened: nothing is lost for that, nor anybody’s fault', async () => {
    await aggregating();
    const [proof] = driver.run.proofs;
    content.read = () => Promise.reject(new ContentError('no_handles', 'no more files can be opened', 'ulimit -n'));
    const notNow = { name: 'DomainError', code: 'SYSTEM_UNAVAILABLE', hint: 'ulimit -n' };
    await expect(work.plan(driver.job, WHOLE_RUN)).rejects.toMatchObject(notNow);
    await expect(work.recompute(driver.job, 1 as Segment, WHOLE_RUN.signal)).rejects.toMatchObject(notNow);
    await expect(work.aggregateLocally(driver.job)).rejects.toMatchObject(notNow);
    const task = parseTaskKey('prove/1/0');
    await expect(work.check(driver.job, task, defined(proof).artifact)).rejects.toMatchObject(notNow);
    await expect(work.lostArtifact(driver.job)).resolves.toBeNull();
  });
});
