/** Ends a switch over a union: does not compile while a member is unhandled, throws if one appears at run time. */
export function assertNever(value: never, what: string): never {
  throw new Error(`unexpected ${what}: ${JSON.stringify(value)}`);
}
