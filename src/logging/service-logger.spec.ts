import { wantsColor } from './color.js';
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
    expect(lines).toEqual(['2026-01-02T03:04:05.678Z I Store: stored bytes="<3 bytes>"']);
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

  it.each(['json', 'pretty', 'compact'] as const)('begins or carries the date in the format %s', (format) => {
    const { lines, logger } = capture({ format });
    logger.log('x', 'A');
    expect(lines[0]).toContain('2026-01-02T03:04:05.678Z');
  });

  it('shows people the sentence of a record, and programs its name and fields', () => {
    const record = { message: 'job failed', sentence: 'Job j1 failed: it trapped', job: 'j1', reason: 'it trapped' };
    const said = (format: 'json' | 'pretty' | 'compact') => {
      const { lines, logger } = capture({ format });
      logger.log(record, 'Network');
      return lines[0] ?? '';
    };
    expect(said('compact')).toBe('2026-01-02T03:04:05.678Z I Network: Job j1 failed: it trapped');
    expect(said('pretty')).toBe('2026-01-02T03:04:05.678Z INFO  Network: Job j1 failed: it trapped');
    const { sentence: _sentence, ...facts } = record;
    expect(JSON.parse(said('json'))).toMatchObject(facts);
    expect(said('json')).not.toContain('Job j1');
  });

  it('lets nothing that it is given draw on the terminal or begin a line', () => {
    for (const format of ['json', 'pretty', 'compact'] as const) {
      const { lines, logger } = capture({ format });
      logger.log({ message: 'a\u001b[2Jb', label: 'x\n2026 E Fake: line\u202e' }, 'A');
      expect(lines[0]).not.toContain('\u001b');
      expect(lines[0]?.split('\n')).toHaveLength(format === 'pretty' ? 2 : 1);
      expect(lines[0]).not.toMatch(/^2026 E/m);
    }
  });

  it('colors for terminals only', () => {
    const paint = (color: boolean) => {
      const { lines, logger } = capture({ format: 'pretty', color });
      logger.warn('x', 'A');
      return lines[0] ?? '';
    };
    expect(paint(true)).toContain('\u001b[33m');
    expect(paint(false)).not.toContain('\u001b');
  });
});

describe('wantsColor', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ TERM: 'dumb' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
  ])('with %j on a terminal (%s): %s', (environment, isTerminal, color) => {
    expect(wantsColor(environment, isTerminal)).toBe(color);
  });
});
