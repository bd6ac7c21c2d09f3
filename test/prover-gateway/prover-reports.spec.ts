import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ProverReports } from '../../src/coordinator/prover-gateway/sessions/prover-reports.js';
import { invalidArgument } from '../../src/domain/errors.js';
import { KernelError } from '../../src/kernel/kernel.error.js';
import { proofOf } from '../domain/job-driver.js';
import { JobKit } from '../jobs/job-kit.js';

/** A job whose prover has made a proof that the coordinator is to verify. */
async function proven() {
  const kit = await new JobKit().start();
  const prover = kit.connect('anna', 4);
  const { job } = await kit.submit();
  await kit.pass(10);
  for (const segment of [0, 1]) await prover.commitment(job, segment);
  await kit.pass(10);
  const reports = new ProverReports(kit.jobs, kit.bus);
  const report = () =>
    kit.during(reports.result(job, prover.header('prove/1/1'), { kind: 'artifact', artifact: proofOf('p') }), 10);
  return { kit, job, prover, report };
}

describe('a proof that cannot be judged now', () => {
  let said: unknown[];

  beforeEach(() => {
    said = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((line: unknown) => void said.push(line));
  });
  afterEach(() => jest.restoreAllMocks());

  it.each([
    ['the kernel', new KernelError('out_of_memory', 'no memory')],
    ['a defect', new TypeError('x is not a function')],
  ])(
    'because of %s is asked for again: nobody is blamed, the stream goes on, and the log says why',
    async (_, error) => {
      const { kit, job, prover, report } = await proven();
      const check = kit.work.check.bind(kit.work);
      kit.work.check = () => Promise.reject(error);
      expect(await report()).toBeNull();
      expect(said).toEqual([
        { message: 'result not judged', job, prover: prover.id, reason: expect.stringContaining(error.message) },
      ]);
      expect(kit.scheduler.quarantineOf(prover.id)).toBeNull();
      kit.work.check = check;
      expect(await report()).toMatchObject({ kind: 'accepted' });
    },
  );

  it('is told from a report that breaks the protocol', async () => {
    const { kit, report } = await proven();
    kit.jobs.reportProof = () => Promise.reject(invalidArgument('task', 'x', 'a task'));
    await expect(report()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(said).toEqual([]);
  });
});
