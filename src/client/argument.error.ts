const SHOWN = 60;

/** An argument of a call is not what it must be: nothing was sent. */
export class ArgumentError extends TypeError {
  override readonly name = 'ArgumentError';

  /** @param field as the caller wrote it: `program`, `labels.team` */
  constructor(
    readonly field: string,
    value: unknown,
    allowed: string,
  ) {
    super(`${field} must be ${allowed}, and is ${shown(value)}`);
  }
}

/** A value in a few words. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > SHOWN ? `${value.slice(0, SHOWN)}...` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  const { constructor: kind } = value;
  return typeof kind === 'function' ? `of the type ${kind.name}` : 'an object';
}
