import { DomainError } from '../../src/domain/errors.js';
import { parseCommitment, parseProverId, parseSha256, type Epoch, type JobId } from '../../src/domain/ids.js';
import type { Assignment } from '../../src/domain/job/assignment.js';
import type { JobState } from '../../src/domain/job/job-state.js';
import { checkRequest, firstDifference } from '../../src/domain/job/request.js';
import { parseTaskKey, taskKey } from '../../src/domain/job/task.js';
import { DecisionBuilder } from '../../src/domain/job/decision-builder.js';
import { PersistentList } from '../../src/domain/persistent-list.js';
import { LeaseTable } from '../../src/domain/session/lease-table.js';
import { isSchedulable, moveSession, SESSION_TRANSITIONS, type Session } from '../../src/domain/session/session.js';
import { checkTransitionTables } from '../../src/domain/state-machines.js';
import { assertTransition, tableProblems } from '../../src/domain/transition-table.js';
import { prover, REQUEST } from './job-driver.js';

describe('transition tables', () => {
  it('of the product are sound graphs', () => {
    expect(() => checkTransitionTables()).not.toThrow();
  });

  it.each([
    ['a target that is no state', { A: ['B', 'C'], B: [] }, 'A -> C names no state'],
    ['a state nothing leads to', { A: ['B'], B: [], X: ['B'] }, 'X is unreachable'],
    ['a state that leads to no end', { A: ['B', 'C'], B: ['B'], C: [] }, 'no terminal state can be reached from B'],
    ['no end at all', { A: ['B'], B: ['A'] }, 'no terminal state'],
  ])('with %s are refused', (_what, table, problem) => {
    expect(tableProblems('t', 'A', table as unknown as Record<string, string[]>).join()).toContain(problem);
  });

  it('are obeyed', () => {
    expect(() => assertTransition('session', SESSION_TRANSITIONS, 'GONE', 'IDLE')).toThrow(
      'GONE must not change to IDLE',
    );
    const ended = { epoch: 1, state: { kind: 'ENDED', cause: 'finished' } } as Assignment;
    const builder = new DecisionBuilder({ assignments: PersistentList.of([ended]) } as unknown as JobState, {
      monoMs: 0,
      wallMs: 0,
    });
    expect(() => builder.putAssignment({ ...ended, state: { kind: 'LIVE' } })).toThrow('ENDED must not change to LIVE');
    expect(() => builder.updateAssignments((assignment) => ({ ...assignment, state: { kind: 'LIVE' } }))).toThrow(
      'assignment: ENDED',
    );
  });
});

describe('names', () => {
  it.each(['contribute/0', 'contribute/16384', 'prove/1/0', 'prove/3/42', 'aggregate/2'])('%s is a task', (key) => {
    expect(taskKey(parseTaskKey(key))).toBe(key);
  });

  it.each([
    '',
    'prove',
    'prove/1',
    'contribute/1/2',
    'aggregate/1/2',
    'prove/1/2/3',
    'contribute/-1',
    'contribute/01',
    'x/1',
  ])('"%s" is none', (key) => expect(() => parseTaskKey(key)).toThrow(DomainError));

  it('of provers are short and plain; digests are 64 lower-case hexadecimal characters', () => {
    expect(parseProverId('host-1.example:7', 'prover_id')).toBe('host-1.example:7');
    for (const bad of ['', '-a', 'a b', 'a'.repeat(129), '../x']) {
      expect(() => parseProverId(bad, 'prover_id')).toThrow('prover_id');
    }
    expect(() => parseSha256('AB'.repeat(32), 'program')).toThrow('program');
  });

  it('of commitments are eight field elements, each below the characteristic', () => {
    const largest = '0000007f'.repeat(8);
    expect(parseCommitment(largest, 'commitment')).toBe(largest);
    for (const bad of [`0100007f${largest.slice(8)}`, 'ff'.repeat(32), '00', largest.toUpperCase()]) {
      expect(() => parseCommitment(bad, 'commitment')).toThrow('commitment');
    }
  });
});

describe('requests', () => {
  it.each([
    ['compute_units', { computeUnits: 0 }],
    ['compute_units', { computeUnits: 1.5 }],
    ['segment_cycles', { segmentCycles: 2 ** 21 }],
    ['deadline_ms', { deadlineMs: 0 }],
    ['simulated_node', { simulatedNode: 2 }],
    ['labels', { labels: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`l${i}`, ''])) }],
    ['labels.x', { labels: { x: 'y'.repeat(300) } }],
  ])('out of range name the field %s', (field, change) => {
    expect(() => checkRequest({ ...REQUEST, ...change })).toThrow(field);
  });

  it('that differ name the first field that does; the order of labels is no difference', () => {
    expect(firstDifference(REQUEST, { ...REQUEST })).toBeNull();
    expect(firstDifference(REQUEST, { ...REQUEST, priority: 1 })).toBe('priority');
    const labels = { ...REQUEST, labels: { a: '1', b: '2' } };
    expect(firstDifference(labels, { ...REQUEST, labels: { b: '2', a: '1' } })).toBeNull();
  });
});

describe('leases', () => {
  const assignment = { job: 'job' as JobId, epoch: 1 as Epoch };
  const anna = prover('anna');
  const table = () => {
    const leases = new LeaseTable();
    leases.add({ ...assignment, prover: anna, leaseMs: 100, lastResultMs: 0, untilMs: 100, acknowledgeByMs: 20 });
    return leases;
  };

  it('fall due first for want of an acknowledgement, then for want of renewal', () => {
    const leases = table();
    expect(leases.due(19)).toEqual([]);
    expect(leases.due(20)).toEqual([{ ...assignment, cause: 'unacknowledged' }]);
    leases.renew(assignment, anna, 10);
    expect(leases.due(109)).toEqual([]);
    expect(leases.due(110)).toEqual([{ ...assignment, cause: 'lease_expired' }]);
  });

  it('are renewed by their holder only, and never shortened', () => {
    const leases = table();
    leases.renew(assignment, prover('mallory'), 50);
    expect(leases.due(20)).toHaveLength(1);
    leases.renew(assignment, anna, 50);
    leases.renew(assignment, anna, 5);
    expect(leases.due(149)).toEqual([]);
  });

  it('tell how long a result took', () => {
    const leases = table();
    expect(leases.resultCame(assignment, 30)).toBe(30);
    expect(leases.resultCame(assignment, 45)).toBe(15);
    leases.remove(assignment);
    expect(leases.resultCame(assignment, 60)).toBeNull();
    expect([leases.size, leases.heldBy(anna)]).toEqual([0, []]);
  });
});

describe('sessions', () => {
  const session = { state: { kind: 'IDLE' }, lastHeardMs: 1_000 } as unknown as Session;
  const times = { quietMs: 500, graceMs: 100 };

  it('get nothing new once they are quiet, detached or draining', () => {
    expect(isSchedulable(session, 1_500, times)).toBe(true);
    expect(isSchedulable(session, 1_501, times)).toBe(false);
    expect(isSchedulable(moveSession(session, { kind: 'DRAINING' }), 1_000, times)).toBe(false);
    expect(isSchedulable(moveSession(session, { kind: 'DETACHED', untilMs: 2_000 }), 1_000, times)).toBe(false);
  });
});
