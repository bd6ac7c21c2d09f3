import { Logger } from '@nestjs/common';
import { ManualTime } from '../../../test/support/manual-time.js';
import { cleanUp, Program } from '../../../test/support/program.js';
import { ConnectionLog } from './connection-log.js';

type Line = Record<string, unknown>;

afterAll(cleanUp);

describe('the log of a prover that reaches no coordinator', () => {
  const lines: (Line & { level: string })[] = [];
  const take = (level: string) => (line: Line) => void lines.push({ level, ...line });

  beforeEach(() => {
    lines.splice(0);
    Logger.overrideLogger({ log: take('info'), warn: take('warn'), error: take('error'), debug: take('debug') });
  });

  afterEach(() => Logger.overrideLogger(false));

  it('warns at once and then ever more rarely, however often it is tried', () => {
    const time = new ManualTime();
    const log = new ConnectionLog('http://there:1', time.clock);
    for (let second = 0; second < 8 * 3600; second += 10) {
      log.failed('connect ECONNREFUSED');
      time.advance(10_000);
    }
    const warnings = lines.filter(({ level }) => level === 'warn');
    const minutes = warnings.map(({ forSeconds }) => Number(forSeconds) / 60);
    expect(minutes).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243, 303, 363, 423]);
    expect(warnings[0]).toMatchObject({
      message: 'cannot connect',
      coordinator: 'http://there:1',
      reason: 'connect ECONNREFUSED',
    });
  });

  it('says that it is connected at last and how long that took, and warns at once the next time', () => {
    const time = new ManualTime();
    const log = new ConnectionLog('http://there:1', time.clock);
    log.failed('refused');
    time.advance(90_000);
    log.connected({ prover: 'anna' });
    log.failed('refused');
    expect(lines).toMatchObject([
      { level: 'warn', message: 'cannot connect' },
      { level: 'info', message: 'connected', prover: 'anna', afterSeconds: 90 },
      { level: 'warn', message: 'cannot connect', forSeconds: 0 },
    ]);
  });

  it.each(['stream', 'unary'])(
    '[case: prover-cannot-connect] names address and cause at once (%s)',
    async (transport) => {
      const url = ['--url', 'http://127.0.0.1:1', '--transport', transport, '--compute-units', '1'];
      const prover = Program.start('dist/prover/main.js', url);
      await expect(prover.message('cannot connect')).resolves.toMatchObject({
        level: 'warn',
        coordinator: 'http://127.0.0.1:1',
        reason: expect.stringMatching(/ECONNREFUSED/),
      });
      await prover.stop();
    },
  );
});
