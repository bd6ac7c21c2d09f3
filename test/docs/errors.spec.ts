// docs/errors.md against the code: every code has its row, and no row has a code that there is not.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { DomainError, type DomainErrorCode } from '../../src/domain/errors.js';
import { KERNEL_ERROR_CODES } from '../../src/kernel/kernel.error.js';
import { toErrorResponse } from '../../src/coordinator/transport/error-response.js';
import { statusOf } from '../../src/coordinator/transport/status-error.js';
import { tableBelow } from '../support/markdown.js';
import { ROOT } from '../support/program.js';
import { unionMembers } from '../support/union-members.js';

const PAGE = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
const rows = (heading: string) => tableBelow(PAGE, heading);
const codes = (heading: string) => rows(heading).map(([code = '']) => code);

describe('docs/errors.md', () => {
  it.each([
    ['Domain', 'src/domain/errors.ts', 'DomainErrorCode'],
    ['ErrorResponse', 'src/coordinator/transport/error-response.ts', 'AdminErrorCode'],
    ['Failed jobs', 'src/domain/job/failure.ts', 'JobFailureCode'],
    ['Client', 'src/client/client.error.ts', 'ClientErrorCode'],
  ])('%s has the codes of %s, in their order', (heading, file, type) => {
    expect(codes(heading)).toEqual(unionMembers(file, type));
  });

  it('has the codes of the kernel, in their order', () => {
    expect(codes('Kernel')).toEqual([...KERNEL_ERROR_CODES]);
  });

  it('has the codes of content and store', () => {
    const of = (what: string) =>
      rows('Content and store').flatMap(([code = '', owner]) => (owner === what ? [code] : []));
    expect(of('content')).toEqual(unionMembers('src/content/content.error.ts', 'ContentErrorCode'));
    expect(of('store')).toEqual(unionMembers('src/coordinator/store/store.error.ts', 'StoreErrorCode'));
  });

  it.each(rows('Domain'))('%s is told as %s, and as "%s" in published answers', (code, name, response) => {
    const error = new DomainError(code as DomainErrorCode, 'why', 'what to do');
    expect(status[statusOf(error)?.code ?? status.OK]).toBe(name);
    expect(toErrorResponse(error)?.code ?? '').toBe(response);
  });

  it('names statuses that there are', () => {
    const names = rows('Statuses of their own').map(([name = '']) => name);
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !(name in status))).toEqual([]);
  });
});
