import type { ProverId, SessionId } from '../../src/domain/ids.js';
import type { JobHeader } from '../../src/domain/job/changes.js';
import { toJobsList } from '../../src/wire/admin/job-status.js';
import { toProversList, type ListedProver } from '../../src/wire/admin/prover-info.js';
import { JobsListResponse, ProversListResponse } from '../../src/wire/generated/zisk_distributed_api.js';
import { JobDriver } from '../domain/job-driver.js';

/** What a client takes that sets no limit of its own. */
const DEFAULT_MESSAGE_BYTES = 4 * 2 ** 20;
const PROVERS = 25_000;

const listed = (index: number): ListedProver => ({
  session: {
    id: `session-${index}` as SessionId,
    prover: `prover-${String(index).padStart(6, '0')}-${'x'.repeat(30)}` as ProverId,
    computeUnits: 4,
    protocol: 'extended',
    hostname: '',
    pid: null,
    softwareVersion: '',
    state: { kind: 'IDLE' },
    generation: index,
    connectedAtWallMs: 1_700_000_000_000,
    lastHeardMs: 0,
    lastHeardWallMs: 1_700_000_000_000,
  },
  phase: null,
  isFaulty: false,
  ineligible: 'x'.repeat(150),
});

describe('a list of provers', () => {
  it('goes in pages that any client can take, and leaves out nobody', () => {
    const everybody = Array.from({ length: PROVERS }, (_, index) => listed(index));
    const seen: string[] = [];
    let pages = 0;
    for (let after = ''; pages === 0 || after !== ''; pages += 1) {
      const page = toProversList(everybody.filter(({ session }) => session.prover > after));
      const message = ProversListResponse.encode({ result: { $case: 'proversList', value: page } }).finish();
      expect(message.length).toBeLessThanOrEqual(DEFAULT_MESSAGE_BYTES);
      seen.push(...page.provers.map(({ proverId }) => proverId));
      after = page.next;
    }
    expect(seen).toEqual(everybody.map(({ session }) => session.prover));
    expect(pages).toBeGreaterThan(1);
  });

  it('that fits is one page', () => {
    expect(toProversList([listed(1), listed(2)])).toMatchObject({ provers: [{}, {}], next: '' });
    expect(toProversList([])).toEqual({ provers: [], next: '' });
  });
});

describe('a list of jobs', () => {
  const { job } = new JobDriver({ labels: { block_id: 'b'.repeat(200) } });
  const header: JobHeader = {
    ...job,
    run: null,
    status: { kind: 'FAILED', failure: { code: 'KERNEL_FAILED', message: 'm'.repeat(8_000) }, endedAtMs: 0 },
  };

  it('has as many as any client can take, and says that there are more', () => {
    const list = toJobsList(
      Array.from({ length: 1_000 }, () => header),
      false,
    );
    const message = JobsListResponse.encode({ result: { $case: 'jobsList', value: list } }).finish();
    expect(message.length).toBeLessThanOrEqual(DEFAULT_MESSAGE_BYTES);
    expect(list.jobs.length).toBeGreaterThan(400);
    expect(list.hasMore).toBe(true);
  });

  it('that is whole says so, and one of which the store has more does not', () => {
    expect(toJobsList([header], false)).toMatchObject({ jobs: [{ jobId: job.id }], hasMore: false });
    expect(toJobsList([header], true).hasMore).toBe(true);
  });
});
