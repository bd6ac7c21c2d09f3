import type { LoggerService } from '@nestjs/common';
import { NetworkLog } from '../../src/coordinator/events/network-log.js';
import { JobKit } from '../jobs/job-kit.js';

/** The log of a coordinator whose time is the test's. */
async function logged() {
  const kit = await new JobKit().start();
  const said: string[] = [];
  const write = (record: { readonly message: string; readonly sentence?: string }) =>
    void said.push(record.sentence ?? record.message);
  const logger: LoggerService = { log: write, warn: write, error: write };
  new NetworkLog(logger, kit.host.clock).follow(kit.bus, kit.scheduler);
  return { kit, said };
}

describe('a prover that registers again and again', () => {
  it('takes eight lines of the log a minute, and then it is said how many were left out', async () => {
    const { kit, said } = await logged();
    for (let turn = 0; turn < 1000; turn += 1) kit.connect('anna');
    expect(said).toHaveLength(9);
    expect(said.slice(0, 2)).toEqual([
      expect.stringMatching(/^Prover anna registered/),
      expect.stringMatching(/^Prover anna: an older connection is closed/),
    ]);
    expect(said[8]).toBe('Prover anna comes and goes again and again: for a minute nothing more of that is said');
    await kit.pass(60_000);
    kit.connect('anna');
    // Each of the thousand registered, all but the first replaced another; it was lost once meanwhile, or disconnected.
    expect(said[9]).toMatch(/^Prover anna: 1,99\d lines of its coming and going were left out$/);
    expect(said[10]).toMatch(/^Prover anna(:| registered)/);
  });

  it('leaves the lines of others, and what becomes of it, alone', async () => {
    const { kit, said } = await logged();
    for (let turn = 0; turn < 100; turn += 1) kit.connect('anna');
    said.length = 0;
    kit.connect('berta');
    await kit.during(
      kit.scheduler.quarantine({ prover: 'anna' as never, cause: 'fault', reason: 'wrong', job: null, sinceMs: 0 }),
    );
    expect(said).toEqual([expect.stringMatching(/^Prover berta registered/), 'Prover anna is quarantined: wrong']);
  });
});
