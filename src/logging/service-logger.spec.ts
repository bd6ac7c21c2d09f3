import { withCorrelation } from './correlation.js';
import { ServiceLogger, type ServiceLoggerOptions } from './service-logger.js';

function capture(options: Partial<ServiceLoggerOptions> = {}) {
  const lines: string[] = [];
  const now = () => new Date('2026-01-02T03:04:05.678Z');
  const write = (line: string) => void lines.push(line);
  return { lines, logger: new ServiceLogger({ level: 'info', format: 'json', now, write, ...options }) };
}

describe('ServiceLogger', () => {
  it('writes one JSON object a line, with fields, context and the id of the call being served', () => {
    const { lines, logger } = capture();
    withCorrelation('c1', () => logger.log({ message: 'job accepted', jobId: 'j1', cycles: 5n }, 'JobsService'));
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: '2026-01-02T03:04:05.678Z',
      level: 'info',
      context: 'JobsService',
      message: 'job accepted',
      correlationId: 'c1',
      jobId: 'j1',
      cycles: '5',
    });
  });

  it('never writes bytes in full', () => {
    const { lines, logger } = capture({ format: 'compact' });
    logger.log({ message: 'stored', bytes: new Uint8Array(3) }, 'Store');
    expect(lines).toEqual(['03:04:05.678 I Store: stored bytes="<3 bytes>"']);
  });

  it('keeps quiet below its level', () => {
    const { lines, logger } = capture({ level: 'warn' });
    logger.log('no', 'A');
    logger.debug('no', 'A');
    logger.warn('yes', 'A');
    logger.error('yes', 'A');
    expect(lines).toHaveLength(2);
  });

  it('shows the stack of an error in each format', () => {
    for (const format of ['json', 'pretty', 'compact'] as const) {
      const { lines, logger } = capture({ format });
      logger.error(new Error('boom'), 'A');
      expect(lines[0]).toContain('boom');
      expect(lines[0]).toContain('service-logger.spec');
    }
  });
});
