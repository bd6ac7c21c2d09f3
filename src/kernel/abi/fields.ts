import { KernelError } from '../kernel.error.js';

/** Reads the fields of a response, refusing with `protocol` what is not as the interface says. */
export class Fields {
  /** @param path what `values` is, for messages */
  constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    private readonly path = 'response',
  ) {}

  text(name: string): string {
    const value = this.values[name];
    return typeof value === 'string' ? value : this.refuse(name, 'a text');
  }

  u32(name: string): number {
    const value = this.values[name];
    const isU32 = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32;
    return isU32 ? value : this.refuse(name, 'a 32-bit number');
  }

  u64(name: string): bigint {
    const value = this.values[name];
    const isDecimal = typeof value === 'string' && /^\d{1,20}$/.test(value);
    return isDecimal ? BigInt(value) : this.refuse(name, 'a decimal text of a 64-bit number');
  }

  /** A 64-bit number that may be null. */
  optionalU64(name: string): bigint | undefined {
    return this.values[name] === null ? undefined : this.u64(name);
  }

  number(name: string): number {
    const value = this.values[name];
    return typeof value === 'number' ? value : this.refuse(name, 'a number');
  }

  /** A list of 32-bit numbers. */
  u32s(name: string): number[] {
    const [elements, length] = this.elements(name);
    return Array.from({ length }, (_, index) => elements.u32(String(index)));
  }

  /** A list of 32-bit numbers and nulls. */
  optionalU32s(name: string): (number | null)[] {
    const [elements, length] = this.elements(name);
    return Array.from({ length }, (_, index) => (elements.values[index] === null ? null : elements.u32(String(index))));
  }

  /** A list of objects. */
  objects(name: string): Fields[] {
    const [elements, length] = this.elements(name);
    return Array.from({ length }, (_, index) => elements.object(String(index)));
  }

  /** An object whose names are not known before and whose values are 32-bit numbers. */
  counts(name: string): Record<string, number> {
    const counts = this.object(name);
    return Object.fromEntries(Object.keys(counts.values).map((key) => [key, counts.u32(key)]));
  }

  /** The elements of a list, named by their indices. */
  private elements(name: string): [Fields, number] {
    const value: unknown = this.values[name];
    if (!Array.isArray(value)) return this.refuse(name, 'a list');
    return [new Fields(Object.fromEntries(value.entries()), `${this.path}.${name}`), value.length];
  }

  choice<T extends string>(name: string, choices: readonly T[]): T {
    const value = this.values[name];
    return choices.find((choice) => choice === value) ?? this.refuse(name, `one of ${choices.join(', ')}`);
  }

  object(name: string): Fields {
    const value = this.values[name];
    if (typeof value !== 'object' || value === null) return this.refuse(name, 'an object');
    return new Fields(value as Record<string, unknown>, `${this.path}.${name}`);
  }

  private refuse(name: string, expected: string): never {
    const got = JSON.stringify(this.values[name]) ?? 'nothing';
    throw new KernelError('protocol', `the kernel's answer has ${got} where ${this.path}.${name} must be ${expected}`);
  }
}
