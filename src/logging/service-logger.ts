import type { LoggerService } from '@nestjs/common';
import { wantsColor } from './color.js';
import { correlationId } from './correlation.js';
import { LOG_FORMATTERS, LOG_ORDER, type LogFormatter, type LogLevel, type LogRecord } from './log-record.js';

export interface ServiceLoggerOptions {
  readonly level: LogLevel;
  readonly format: keyof typeof LOG_FORMATTERS;
  /** Whether lines are read on a terminal that shows colors; default: what standard output and the environment say. */
  readonly color?: boolean;
  /** Where lines go; default: standard output. */
  readonly write?: (line: string) => void;
  readonly now?: () => Date;
}

/** What the framework says about its own start is of no use to an operator. */
/** Where Nest says that an application could not be made or served, before it throws the same. */
const START_FAILED = new Set<unknown>(['ExceptionHandler', 'NestApplication']);
const FRAMEWORK_CONTEXTS = new Set<unknown>([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'NestMicroservice',
  'RouterExplorer',
  'RoutesResolver',
]);

/**
 * The logger behind Nest's `Logger`. A message may be a text, an error, or an object `{ message, sentence?, ...fields }`
 * whose other fields become fields of the record.
 */
export class ServiceLogger implements LoggerService {
  private readonly format: LogFormatter;
  private readonly write: (line: string) => void;
  private readonly color: boolean;
  private readonly now: () => Date;
  private readonly threshold: number;

  constructor(options: ServiceLoggerOptions) {
    this.format = LOG_FORMATTERS[options.format];
    this.threshold = LOG_ORDER.indexOf(options.level);
    this.write = options.write ?? ((line) => void process.stdout.write(`${line}\n`));
    this.color = options.color ?? wantsColor(process.env, process.stdout.isTTY);
    this.now = options.now ?? (() => new Date());
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.emit('error', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    // What stops a start is said once, in plain words, by whoever started.
    this.emit(START_FAILED.has(rest.at(-1)) ? 'debug' : 'error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.emit('warn', message, rest);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.emit(FRAMEWORK_CONTEXTS.has(rest.at(-1)) ? 'debug' : 'info', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.emit('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.emit('trace', message, rest);
  }

  private emit(level: LogLevel, message: unknown, rest: readonly unknown[]): void {
    if (LOG_ORDER.indexOf(level) > this.threshold) return;
    const id = correlationId();
    const record = { time: this.now(), level, ...readArguments(message, rest), ...(id && { correlationId: id }) };
    this.write(this.format(record, this.color));
  }
}

type Content = Pick<LogRecord, 'context' | 'message' | 'sentence' | 'fields' | 'stack'>;

/** Nest passes the context last and, for errors, a stack before it. */
function readArguments(message: unknown, rest: readonly unknown[]): Content {
  const texts = rest.filter((value) => typeof value === 'string');
  const context = texts.at(-1) ?? 'main';
  const stack = texts.slice(0, -1).find((text) => text.includes('\n    at '));
  const content = readMessage(message);
  const fields = Object.assign({}, content.fields, ...rest.filter(isRecord));
  return { ...content, context, fields, ...(stack && { stack }) };
}

function readMessage(message: unknown): Omit<Content, 'context'> {
  if (message instanceof Error) {
    return { message: message.message, fields: {}, ...(message.stack && { stack: message.stack }) };
  }
  if (!isRecord(message)) return { message: String(message), fields: {} };
  const { message: text, sentence, ...fields } = message;
  const known = typeof text === 'string' ? text : JSON.stringify(text ?? '');
  return { message: known, fields, ...(typeof sentence === 'string' && { sentence }) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Error);
}
