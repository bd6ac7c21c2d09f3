/** Levels from most to least urgent. */
export const LOG_ORDER = ['error', 'warn', 'info', 'debug', 'trace'] as const;

export type LogLevel = (typeof LOG_ORDER)[number];

export interface LogRecord {
  readonly time: Date;
  readonly level: LogLevel;
  /** Class or folder that speaks. */
  readonly context: string;
  readonly message: string;
  /** The same for people, with the fields in it: shown instead of message and fields where people read. */
  readonly sentence?: string;
  readonly correlationId?: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly stack?: string;
}

/**
 * One record as the text of one line (or, for people and stacks, a few), without the line end.
 * @param color whether the reader is a terminal that shows colors
 */
export type LogFormatter = (record: LogRecord, color: boolean) => string;

export const LOG_FORMATTERS: Readonly<Record<'json' | 'pretty' | 'compact', LogFormatter>> = {
  json: formatJson,
  pretty: formatPretty,
  compact: formatCompact,
};

const COLORS: Readonly<Record<LogLevel, number>> = { error: 31, warn: 33, info: 32, debug: 36, trace: 90 };

function formatJson({ time, level, context, message, correlationId, fields, stack }: LogRecord): string {
  const line = { time: time.toISOString(), level, context, message, correlationId, ...fields, stack };
  return JSON.stringify(line, plainValue);
}

function formatPretty({ correlationId, ...record }: LogRecord, color: boolean): string {
  const { time, level, context, message, sentence, fields, stack } = record;
  const name = level.toUpperCase().padEnd(5);
  const paint = color ? `\u001b[${COLORS[level]}m${name}\u001b[0m` : name;
  const head = `${time.toISOString()} ${paint} ${context}: ${visible(sentence ?? message)}`;
  const details = Object.entries({ ...(sentence ? {} : fields), ...(correlationId && { correlationId }) });
  const lines = details.map(([field, value]) => `    ${field}: ${fieldText(value)}`);
  return [head, ...lines, ...(stack ? [stack] : [])].join('\n');
}

function formatCompact({ time, level, context, message, sentence, fields, stack }: LogRecord): string {
  const details = sentence ? [] : Object.entries(fields).map(([name, value]) => ` ${name}=${fieldText(value)}`);
  const head = `${time.toISOString()} ${level[0]?.toUpperCase()} ${context}: ${visible(sentence ?? message)}`;
  return `${head}${details.join('')}${stack ? `\n${stack}` : ''}`;
}

function fieldText(value: unknown): string {
  return visible(typeof value === 'string' ? value : (JSON.stringify(value, plainValue) ?? String(value)));
}

/** What clients and provers name must not draw on an operator's terminal, nor look like lines of its own. */
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => JSON.stringify(character).slice(1, -1));
}

/** Numbers that JSON has not, and bytes, which are never logged in full. */
function plainValue(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return `<${value.length} bytes>`;
  return value;
}
