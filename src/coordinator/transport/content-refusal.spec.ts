import { status } from '@grpc/grpc-js';
import { CONTENT_ERROR, ContentError } from '../../content/content.error.js';
import { toErrorResponse } from './error-response.js';
import { toStatus } from './grpc-errors.js';

describe('a failure of the artifact store', () => {
  it.each([
    ['no_space', status.RESOURCE_EXHAUSTED, 'QUOTA_EXCEEDED'],
    ['no_handles', status.RESOURCE_EXHAUSTED, 'SYSTEM_UNAVAILABLE'],
    ['unwritable', status.UNAVAILABLE, 'SYSTEM_UNAVAILABLE'],
    ['too_large', status.RESOURCE_EXHAUSTED, 'QUOTA_EXCEEDED'],
  ] as const)('(%s) is no internal error, whatever call it ends', (code, expected, published) => {
    const error = new ContentError(code, 'no more files can be opened', 'raise the limit');
    const refusal = toStatus(error);
    expect(refusal).toMatchObject({
      code: expected,
      details: 'no more files can be opened. On the coordinator: raise the limit',
    });
    expect(refusal.metadata.get(CONTENT_ERROR)).toEqual([code]);
    expect(toErrorResponse(error)).toEqual({
      code: published,
      message: 'no more files can be opened. On the coordinator: raise the limit',
    });
  });
});
