/** Prints a measured figure of a fault test: they are reported, never asserted. Times in milliseconds. */
export function figure(what: string, value: number): void {
  process.stdout.write(`figure: ${what}: ${Math.round(value)}\n`);
}
