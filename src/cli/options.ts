import { InvalidArgumentError, Option, type Command } from 'commander';
import { duration } from '../config/setting-values.js';
import { ID_PATTERN, ID_RULE, SHA256_PATTERN } from '../domain/ids.js';
import { SEGMENT_CYCLES } from '../domain/job/segment-limits.js';

/** A program is ended after so many instructions unless its user says otherwise; the coordinator's default too. */
export const DEFAULT_MAX_CYCLES = 2 ** 28;

/** Reads a whole number of an option. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`allowed: a whole number from ${min} to ${max}.`);
  };
}

/** Reads a digest: 64 hexadecimal digits. */
export function digest(text: string): string {
  const lower = text.toLowerCase().replace(/^0x/, '');
  if (SHA256_PATTERN.test(lower)) return lower;
  throw new InvalidArgumentError('allowed: 64 hexadecimal digits.');
}

const RANGE = /^(\d+)(?:-(\d+))?$/;
const MAX_LISTED = 100_000;

/** Reads numbers and ranges of them, separated by commas: `0,4,8-11`. */
export function numberList(min: number, max: number): (text: string) => number[] {
  return (text) => {
    const numbers = text.split(',').flatMap((part) => rangeOf(part, min, max));
    if (numbers.length <= MAX_LISTED) return numbers;
    throw new InvalidArgumentError(`allowed: at most ${MAX_LISTED} numbers.`);
  };
}

function rangeOf(part: string, min: number, max: number): number[] {
  const [, first, last = first] = RANGE.exec(part.trim()) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first !== undefined && from >= min && to <= max && from <= to && to - from < MAX_LISTED) {
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  }
  throw new InvalidArgumentError(`allowed: numbers from ${min} to ${max} and ranges such as 8-11.`);
}

const MAX_CYCLES = 2 ** 32;

/** What `--out` means, for every command that has it. */
export const OUT_HELP =
  'where the proof goes: a file, replaced when the proof is whole; a pipe; or - for standard output';

export function inputOption(): Option {
  return new Option('-i, --input <file>', 'private input of the program; without it the input is empty');
}

export function maxCyclesOption(): Option {
  const option = new Option('--max-cycles <n>', 'end the program when it has run so many instructions');
  return option.argParser(wholeNumber(1, MAX_CYCLES)).default(DEFAULT_MAX_CYCLES);
}

/** @param unset what holds without it, where that is not this command's to say */
export function segmentCyclesOption(unset?: string): Option {
  const { min, max, default: usual } = SEGMENT_CYCLES;
  const option = new Option('--segment-cycles <n>', `most instructions in one segment, from ${min} to ${max}`);
  return option.argParser(wholeNumber(min, max)).default(unset === undefined ? usual : undefined, unset);
}

export const KEY_FILE_HELP = 'file with your key (DISTRIBUTED_KEY_FILE, or the key itself in DISTRIBUTED_KEY)';

const MAX_VALID_MS = 3650 * 86_400_000;

/** How long something is valid, in milliseconds. @param unset what holds without it */
export function validForOption(unset = 'until it is revoked'): Option {
  const option = new Option('--valid-for <duration>', 'for how long, such as 12h or 90d');
  return option.argParser(validity).default(undefined, unset);
}

function validity(text: string): number {
  const ms = duration(text);
  if (ms > 0 && ms <= MAX_VALID_MS) return ms;
  throw new InvalidArgumentError('allowed: a duration such as 15m, 12h or 90d, at most 3650d.');
}

const HOST = /^[A-Za-z0-9_.:-]{1,253}$/;

/** One name or address; given again, one more. */
export function hostOption(): Option {
  const option = new Option('--host <name>', 'a name or address of the coordinator; may be given several times');
  return option
    .argParser((text: string, before: readonly string[] | undefined) => {
      if (!HOST.test(text)) throw new InvalidArgumentError('allowed: a host name or an IP address.');
      return [...(before ?? []), text];
    })
    .default(undefined, 'this machine alone');
}

/** One label; given again, one more. */
export function labelOption(): Option {
  const option = new Option('--label <name=value>', 'a label of the job; may be given several times');
  return option.argParser((text: string, before: readonly string[] | undefined) => {
    const others = before ?? [];
    return [...others, label(text, others)];
  });
}

function label(text: string, before: readonly string[]): string {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('allowed: name=value, with a name.');
  const start = text.slice(0, at + 1);
  if (before.some((other) => other.startsWith(start))) {
    throw new InvalidArgumentError(`the label ${text.slice(0, at)} is given twice; a name has one value.`);
  }
  return text;
}

/** The command's argument is the id of a job or prover. */
export function withId(command: Command): Command {
  command.registeredArguments[0]?.argParser((text: string) => {
    if (ID_PATTERN.test(text)) return text;
    throw new InvalidArgumentError(`allowed: ${ID_RULE}.`);
  });
  return command;
}
