import { join } from 'node:path';
import { ContentStore } from '../../src/content/content-store.js';
import { KernelJobWork } from '../../src/coordinator/kernel-work/kernel-job-work.js';
import type { Sha256 } from '../../src/domain/ids.js';
import { SystemRandom } from '../../src/lifecycle/random.js';
import { JobDriver } from '../domain/job-driver.js';
import { scratchFolder } from '../support/program.js';
import { ScriptedKernel } from '../support/scripted-kernel.js';

export const ELF = Buffer.from('a program');
export const INPUT = Buffer.from('an input');
export const UPLOAD_LIMIT = 1 << 16;
export const PROOF_LIMIT = 1 << 20;
export const WHOLE_RUN = {
  maxCycles: Number.MAX_SAFE_INTEGER,
  timeoutMs: 60_000,
  signal: new AbortController().signal,
};

/** The coordinator's own work over a scripted kernel and a store of its own, and a job that is to be planned. */
export async function kernelWork() {
  const folder = join(scratchFolder(), 'artifacts');
  const content = new ContentStore({ folder, maxBytes: UPLOAD_LIMIT, maxProofBytes: PROOF_LIMIT }, new SystemRandom());
  const kernel = new ScriptedKernel();
  kernel.segments = 1;
  const work = new KernelJobWork(kernel, content);
  const [program, input] = [await content.putBytes(ELF), await content.putBytes(INPUT)];
  const request = { program: program.sha256 as Sha256, input: input.sha256 as Sha256, segmentCycles: 512 };
  const driver = new JobDriver(request);
  driver.apply({ kind: 'start_planning' });
  return { content, kernel, work, driver };
}
