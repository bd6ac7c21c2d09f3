// Readers of setting texts, and what is admitted of what they read. What they cannot read becomes NaN, which is not admitted.

const DURATION_UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const SIZE_UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

export function text(value: string): string {
  return value;
}

export function wholeNumber(value: string): number {
  return /^\d+$/.test(value) ? Number(value) : Number.NaN;
}

/** A comma-separated list without empty entries. */
export function list(value: string): string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** `500ms`, `15s`, `10m`, `24h` or `7d`, in milliseconds. */
export function duration(value: string): number {
  return withUnit(value, DURATION_UNITS_MS);
}

/** `512B`, `64KiB`, `256MiB` or `1GiB`, in bytes. */
export function size(value: string): number {
  return withUnit(value, SIZE_UNITS);
}

/** A whole number, both ends included. */
export function between(min: number, max: number): (value: unknown) => boolean {
  return (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
}

export function matching(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && pattern.test(value);
}

export function oneOf(values: readonly string[]): (value: unknown) => boolean {
  return (value) => values.some((admitted) => admitted === value);
}

/** A list with an entry at least. */
export function notEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function withUnit(value: string, units: Readonly<Record<string, number>>): number {
  const [, digits, unit] = /^(\d+)\s*([A-Za-z]+)$/.exec(value) ?? [];
  return digits && unit ? Number(digits) * (units[unit] ?? Number.NaN) : Number.NaN;
}
