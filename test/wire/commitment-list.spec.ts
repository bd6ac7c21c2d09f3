import type { Sha256 } from '../../src/domain/ids.js';
import { assignmentContent } from '../../src/domain/job/assignment-content.js';
import { fetchesCommitments, FEATURES } from '../../src/wire/extensions.js';
import { toExecuteTask } from '../../src/wire/stream/assignment.js';
import { fromExecuteTask } from '../../src/wire/stream/coordinator-message.js';
import { fromTaskAssignment } from '../../src/wire/unary/coordinator-message.js';
import { toTaskAssignment } from '../../src/wire/unary/task-assignment.js';
import { JobDriver } from '../domain/job-driver.js';

const LIST = { sha256: 'c'.repeat(64) as Sha256, size: 96 };

/** A job whose first segment proof is assigned, and its commitments in hexadecimal. */
function proving() {
  const driver = new JobDriver({}).planned(2).challenged();
  const epoch = driver.assignment('anna', ['prove/1/1']);
  const content = assignmentContent(driver.job, epoch);
  return { content: { ...content, commitmentList: LIST }, hex: content.commitments.join('') };
}

const TRANSPORTS = [
  ['stream', (fetches: boolean) => fromExecuteTask(toExecuteTask(proving().content, fetches))],
  ['unary', (fetches: boolean) => fromTaskAssignment(toTaskAssignment(proving().content, fetches))],
] as const;

describe.each(TRANSPORTS)('commitments on the %s transport', (_name, sent) => {
  it('come as an artifact to a prover that fetches them', () => {
    expect(sent(true)).toMatchObject({ commitmentList: LIST.sha256, commitments: { length: 0 } });
  });

  it('come in the message to one that does not', () => {
    const { commitments, commitmentList } = sent(false);
    expect({ hex: Buffer.from(commitments).toString('hex'), commitmentList }).toEqual({
      hex: proving().hex,
      commitmentList: null,
    });
  });
});

it('a prover of this version fetches them', () => {
  expect(fetchesCommitments(new Set(FEATURES))).toBe(true);
});
