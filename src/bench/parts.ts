const LINE = /^part (.+): (\d+(?:\.\d+)?) ms$/;

/** Adds up the parts of proofs that the kernel logs (`part NAME: MS ms`); other lines are not its business. */
export class PartTimes {
  private times = new Map<string, number>();

  /** Takes one line of the kernel's log. */
  take(line: string): void {
    const [, name, ms] = LINE.exec(line) ?? [];
    if (name === undefined) return;
    const key = camelCase(name);
    this.times.set(key, (this.times.get(key) ?? 0) + Number(ms));
  }

  /** The sums since the last call, in milliseconds by camel-cased name. */
  drain(): Record<string, number> {
    const sums = Object.fromEntries(this.times);
    this.times = new Map();
    return sums;
  }
}

function camelCase(name: string): string {
  return name.replaceAll(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase());
}
