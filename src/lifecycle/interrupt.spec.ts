import { EventEmitter } from 'node:events';
import { jest } from '@jest/globals';
import { onInterrupt } from './interrupt.js';

function command() {
  const source = new EventEmitter();
  const clock = { ms: 1_000 };
  const ended = jest.fn();
  const signal = onInterrupt(source, ['SIGINT', 'SIGTERM'], ended, () => clock.ms);
  return { source, clock, ended, signal };
}

describe('an interrupted command', () => {
  it('is asked to stop by the first signal, and not ended', () => {
    const { source, signal, ended } = command();
    expect(signal.aborted).toBe(false);
    source.emit('SIGTERM');
    expect(signal.aborted).toBe(true);
    expect(ended).not.toHaveBeenCalled();
  });

  it('takes copies of one Ctrl-C, from its terminal and from launchers, for one', () => {
    const { source, clock, ended } = command();
    source.emit('SIGINT');
    source.emit('SIGINT');
    clock.ms += 300;
    source.emit('SIGTERM');
    expect(ended).not.toHaveBeenCalled();
  });

  it('is ended at once by a second one', () => {
    const { source, clock, ended } = command();
    source.emit('SIGINT');
    clock.ms += 301;
    source.emit('SIGINT');
    expect(ended).toHaveBeenCalledTimes(1);
  });
});
