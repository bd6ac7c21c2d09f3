import { InvalidArgumentError } from 'commander';

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
  if (/^[0-9a-f]{64}$/.test(lower)) return lower;
  throw new InvalidArgumentError('allowed: 64 hexadecimal digits.');
}
