// Readers of setting texts. What they cannot read becomes NaN, or stays text, and is refused by the validators.

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

/** A word in which capitals make no difference. */
export function word(value: string): string {
  return value.trim().toLowerCase();
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

function withUnit(value: string, units: Readonly<Record<string, number>>): number {
  const [, digits, unit] = /^(\d+)\s*([A-Za-z]+)$/.exec(value) ?? [];
  return digits && unit ? Number(digits) * (units[unit] ?? Number.NaN) : Number.NaN;
}
