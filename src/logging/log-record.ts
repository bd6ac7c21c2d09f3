/** Levels from most to least urgent. */
export const LOG_ORDER = ['error', 'warn', 'info', 'debug', 'trace'] as const;

export type LogLevel = (typeof LOG_ORDER)[number];

export interface LogRecord {
  readonly time: Date;
  readonly level: LogLevel;
  /** Class or folder that speaks. */
  readonly context: string;
  readonly message: string;
  readonly correlationId?: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly stack?: string;
}

/** One record as the text of one line (or, for people and stacks, a few), without the line end. */
export type LogFormatter = (record: LogRecord) => string;

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

function formatPretty({ time, level, context, message, correlationId, fields, stack }: LogRecord): string {
  const paint = (text: string) => `\u001b[${COLORS[level]}m${text}\u001b[0m`;
  const head = `${time.toISOString()} ${paint(level.toUpperCase().padEnd(5))} ${context}: ${message}`;
  const details = Object.entries({ ...fields, ...(correlationId && { correlationId }) });
  const lines = details.map(([name, value]) => `    ${name}: ${fieldText(value)}`);
  return [head, ...lines, ...(stack ? [stack] : [])].join('\n');
}

function formatCompact({ time, level, context, message, fields, stack }: LogRecord): string {
  const details = Object.entries(fields).map(([name, value]) => ` ${name}=${fieldText(value)}`);
  const head = `${time.toISOString().slice(11, 23)} ${level[0]?.toUpperCase()} ${context}: ${message}`;
  return `${head}${details.join('')}${stack ? `\n${stack}` : ''}`;
}

function fieldText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, plainValue) ?? String(value));
}

/** Numbers that JSON has not, and bytes, which are never logged in full. */
function plainValue(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return `<${value.length} bytes>`;
  return value;
}
