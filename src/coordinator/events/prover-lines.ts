import type { ProverId } from '../../domain/ids.js';
import { quarantineText, type ProverEvent } from '../scheduler/prover-event.js';
import { counted, secondsText, type LogLine } from './log-line.js';

type EventOf<Type extends ProverEvent['type']> = Extract<ProverEvent, { type: Type }>;

/** What happened to a prover, as a line of the log. */
export function proverLine(event: ProverEvent): LogLine {
  switch (event.type) {
    case 'registered':
      return registered(event);
    case 'replaced':
      return line('info', event, `Prover ${event.prover}: an older connection is closed, a newer one has come`);
    case 'refused':
      return line('warn', event, `Prover ${event.prover} is refused: ${event.reason}`);
    case 'disconnected': {
      const kept = `; what it holds (${counted(event.assignments, 'assignment')}) is kept for ${secondsText(event.graceMs)}`;
      return line(
        'info',
        event,
        `Prover ${event.prover} disconnected: ${event.reason}${event.assignments > 0 ? kept : ''}`,
      );
    }
    case 'lost':
      return lost(event);
    case 'draining':
      return line('info', event, `Prover ${event.prover} drains: it finishes what it has and leaves (${event.reason})`);
    case 'drained':
      return line('info', event, `Prover ${event.prover} is drained and has left`);
    case 'quarantined':
      return line('warn', event, `Prover ${event.prover} is quarantined: ${event.reason}`);
    case 'released':
      return line('info', event, `Prover ${event.prover} is released and may work again`);
    case 'exhausted':
      return line(
        'warn',
        event,
        `${event.job} has no prover left: ${event.provers.join(', ')} ${event.provers.length === 1 ? 'was' : 'were'} quarantined; it fails in ${secondsText(event.waitMs)} unless another prover connects`,
      );
  }
}

function registered({ description, quarantined }: EventOf<'registered'>): LogLine {
  const { prover, computeUnits, protocol, hostname, pid, softwareVersion } = description;
  const where = hostname && ` on ${hostname}${pid === null ? '' : ` (process ${pid})`}`;
  const but = quarantined ? `; it gets no work, as it is ${quarantineText(quarantined)}` : '';
  return {
    level: quarantined ? 'warn' : 'info',
    message: 'prover registered',
    sentence: `Prover ${prover} registered${where}: ${counted(computeUnits, 'compute unit')}, ${protocol} protocol${but}`,
    fields: {
      prover,
      computeUnits,
      protocol,
      hostname,
      pid,
      version: softwareVersion,
      quarantined: quarantined?.reason,
    },
  };
}

function lost(event: EventOf<'lost'>): LogLine {
  const { prover, reason, assignments } = event;
  if (assignments === 0) return line('info', event, `Prover ${prover} is gone (${reason}); it held nothing`);
  return line(
    'warn',
    event,
    `Prover ${prover} is lost (${reason}); what it held (${counted(assignments, 'assignment')}) goes to others`,
  );
}

function line(
  level: LogLine['level'],
  { type, ...fields }: Exclude<ProverEvent, EventOf<'registered'>>,
  sentence: string,
): LogLine {
  return { level, message: `prover ${type}`, sentence, fields };
}

/** The prover of an event that anybody can bring about as often as he likes, by connecting; null for any other. */
export function comingAndGoing(event: ProverEvent): ProverId | null {
  switch (event.type) {
    case 'registered':
      return event.description.prover;
    case 'replaced':
    case 'refused':
    case 'disconnected':
      return event.prover;
    case 'lost':
      return event.assignments === 0 ? event.prover : null;
    case 'draining':
    case 'drained':
    case 'quarantined':
    case 'released':
    case 'exhausted':
      return null;
  }
}

export function limitLine(prover: ProverId): LogLine {
  const sentence = `Prover ${prover} comes and goes again and again: for a minute nothing more of that is said`;
  return { level: 'warn', message: 'prover comes and goes', sentence, fields: { prover } };
}

export function leftOutLine(prover: ProverId, leftOut: number): LogLine {
  const sentence = `Prover ${prover}: ${counted(leftOut, 'line')} of its coming and going were left out`;
  return { level: 'info', message: 'lines left out', sentence, fields: { prover, leftOut } };
}
