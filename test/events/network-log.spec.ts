import { NetworkLog } from '../../src/coordinator/events/network-log.js';
import { jobLines } from '../../src/coordinator/events/job-lines.js';
import { proverLine } from '../../src/coordinator/events/prover-lines.js';
import type { ProverEvent } from '../../src/coordinator/scheduler/prover-event.js';
import type { JobId, ProverId } from '../../src/domain/ids.js';
import type { JobEvent, JobEventBody } from '../../src/domain/job/event.js';
import { newJob } from '../../src/domain/job/job-state.js';
import { ServiceLogger } from '../../src/logging/service-logger.js';
import { proofOf, REQUEST } from '../domain/job-driver.js';
import { JobKit } from '../jobs/job-kit.js';
import { JOBS } from '../simulation/times.js';

const ID = 'job-1' as JobId;
const PROVER = 'anna' as ProverId;
const JOB = newJob(ID, { ...REQUEST, computeUnits: 4 }, JOBS.rules, 1_000);
const event = (body: JobEventBody): JobEvent => ({ ...body, seq: 1, atMs: 3_500 });

function capture(level: 'info' | 'debug' = 'info') {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  return { lines, log: new NetworkLog(new ServiceLogger({ level, format: 'json', write })) };
}

describe('what happens to a job', () => {
  it.each<[JobEventBody, readonly Record<string, unknown>[]]>([
    [
      { type: 'planned', segments: 3, cycles: 5000, exitCode: 0 },
      [
        { level: 'info', message: 'job planned', fields: { job: ID, cycles: 5000, segments: 3, units: 4 } },
        { level: 'info', message: 'job phase', fields: { job: ID, phase: 'contributions', attempt: 1 } },
      ],
    ],
    [
      { type: 'challenged', attempt: 1 as never },
      [{ level: 'info', message: 'job phase', fields: { job: ID, phase: 'prove', attempt: 1 } }],
    ],
    [
      { type: 'attempt_started', attempt: 2 as never },
      [{ level: 'info', message: 'job phase', fields: { job: ID, phase: 'contributions', attempt: 2 } }],
    ],
    [
      { type: 'aggregating', attempt: 2 as never },
      [{ level: 'info', message: 'job phase', fields: { job: ID, phase: 'aggregate', attempt: 2 } }],
    ],
    [
      { type: 'completed', final: proofOf('final') },
      [
        {
          level: 'info',
          message: 'job completed',
          fields: { job: ID, durationMs: 2500, proof: proofOf('final').sha256, proofBytes: proofOf('final').size },
        },
      ],
    ],
    [
      { type: 'failed', failure: { code: 'GUEST_FAILED', message: 'it trapped' } },
      [
        {
          level: 'warn',
          message: 'job failed',
          fields: { job: ID, durationMs: 2500, code: 'GUEST_FAILED', reason: 'it trapped' },
        },
      ],
    ],
    [
      { type: 'cancelled', reason: 'not needed' },
      [{ level: 'info', message: 'job cancelled', fields: { job: ID, durationMs: 2500, reason: 'not needed' } }],
    ],
    [
      { type: 'prover_excluded', prover: PROVER, reason: 'wrong commitment' },
      [{ level: 'warn', message: 'prover excluded', fields: { job: ID, prover: PROVER, reason: 'wrong commitment' } }],
    ],
  ])('is logged: $type', (body, expected) => {
    expect(jobLines(JOB, event(body))).toMatchObject(expected);
  });

  it('is logged for people with what matters in one sentence', () => {
    const sentences = [
      event({ type: 'planned', segments: 3, cycles: 5000, exitCode: 0 }),
      event({ type: 'failed', failure: { code: 'GUEST_FAILED', message: 'it trapped' } }),
      event({ type: 'cancelled', reason: 'not needed' }),
    ].flatMap((one) => jobLines(JOB, one).map(({ sentence }) => sentence));
    expect(sentences).toEqual([
      'job-1 planned: 5,000 cycles in 3 segments, for 4 compute units',
      'job-1 enters phase contributions',
      'job-1 failed after 2.5 s: GUEST_FAILED: it trapped',
      'job-1 cancelled after 2.5 s: not needed',
    ]);
  });

  it('is for debugging only where it happens once a segment', () => {
    const busy = [] as const;
    const each: JobEventBody[] = [
      { type: 'assigned', prover: PROVER, epoch: 1 as never, phase: 'prove', tasks: 3, grade: 'primary' },
      { type: 'contributed', segment: 1 as never, prover: PROVER, epoch: 1 as never, busy },
      {
        type: 'proven',
        segment: 1 as never,
        attempt: 1 as never,
        prover: PROVER,
        epoch: 1 as never,
        late: false,
        busy,
      },
      { type: 'task_failed', task: 'prove/1/1', prover: PROVER, epoch: 1 as never, reason: 'x' },
    ];
    expect(each.flatMap((body) => jobLines(JOB, event(body)).map(({ level }) => level))).toEqual(
      each.map(() => 'debug'),
    );
  });
});

describe('what happens to a prover', () => {
  const description = { prover: PROVER, computeUnits: 2, protocol: 'extended', hostname: 'h', pid: 7 } as const;
  it.each<[ProverEvent, string, Record<string, unknown>]>([
    [
      { type: 'registered', description: { ...description, softwareVersion: '1' }, quarantined: null },
      'info',
      { message: 'prover registered', fields: { prover: PROVER, computeUnits: 2, hostname: 'h', pid: 7 } },
    ],
    [
      { type: 'disconnected', prover: PROVER, reason: 'its connection broke', assignments: 1, graceMs: 2000 },
      'info',
      { message: 'prover disconnected', fields: { prover: PROVER, reason: 'its connection broke' } },
    ],
    [
      { type: 'lost', prover: PROVER, reason: 'its connection broke', assignments: 2 },
      'warn',
      {
        message: 'prover lost',
        sentence: 'Prover anna is lost (its connection broke); what it held (2 assignments) goes to others',
        fields: { prover: PROVER, reason: 'its connection broke', assignments: 2 },
      },
    ],
    [{ type: 'lost', prover: PROVER, reason: 'it has left', assignments: 0 }, 'info', { message: 'prover lost' }],
    [
      { type: 'quarantined', prover: PROVER, reason: 'wrong commitment', job: ID },
      'warn',
      { message: 'prover quarantined', fields: { prover: PROVER, reason: 'wrong commitment', job: ID } },
    ],
    [{ type: 'refused', prover: PROVER, reason: 'in use' }, 'warn', { message: 'prover refused' }],
    [{ type: 'draining', prover: PROVER, reason: 'maintenance' }, 'info', { message: 'prover draining' }],
    [{ type: 'drained', prover: PROVER }, 'info', { message: 'prover drained' }],
    [{ type: 'released', prover: PROVER }, 'info', { message: 'prover released' }],
    [{ type: 'replaced', prover: PROVER }, 'info', { message: 'prover replaced' }],
  ])('is logged: %j', (happened, level, expected) => {
    expect(proverLine(happened)).toMatchObject({ level, ...expected });
  });
});

it('the log follows jobs and provers, and names programs and inputs by digest only', async () => {
  const { lines, log } = capture();
  const kit = new JobKit();
  log.follow(kit.bus, kit.scheduler);
  await kit.start();
  const anna = kit.connect('anna');
  const submitted = kit.jobs.submit({ ...REQUEST, computeUnits: 1 }, null).then(({ job: accepted }) => {
    log.accepted({ job: accepted, request: REQUEST, programBytes: 10, inputBytes: 5, from: '127.0.0.1:9' });
    return accepted;
  });
  const job = await kit.during(submitted);
  await kit.pass(5);
  for (const segment of [0, 1]) await anna.commitment(job, segment);
  await kit.pass(20);
  await kit.during(kit.jobs.cancel(job, 'enough'), 5);
  kit.scheduler.detach(anna.session, 'its connection broke');
  await kit.pass(60_000);
  expect(lines.map(({ message }) => message)).toEqual([
    'prover registered',
    'job accepted',
    'job planned',
    'job phase',
    'job phase',
    'job cancelled',
    'prover disconnected',
    'prover lost',
  ]);
  expect(lines[1]).toMatchObject({ job, program: REQUEST.program, programBytes: 10, from: '127.0.0.1:9' });
});

it('the log says trouble with a store, its end, what a start found, and the stop', () => {
  const { lines, log } = capture();
  log.trouble('the database', { reason: 'disk full', hint: 'make room' });
  log.troubleOver('the database', 1500);
  log.found('3 jobs are missing', 'restore the file');
  log.stopping('SIGTERM', 2);
  log.stopped(10);
  expect(lines).toMatchObject([
    { level: 'error', message: 'storage trouble', what: 'the database', reason: 'disk full', hint: 'make room' },
    { level: 'info', message: 'storage trouble over', what: 'the database', afterMs: 1500 },
    { level: 'warn', message: 'storage damaged', reason: '3 jobs are missing', hint: 'restore the file' },
    { level: 'info', message: 'stopping', signal: 'SIGTERM', openJobs: 2 },
    { level: 'info', message: 'stopped', afterMs: 10 },
  ]);
});
