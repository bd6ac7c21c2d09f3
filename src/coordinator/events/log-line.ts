/** One line of the coordinator's log: `message` and `fields` for programs, `sentence` for people. */
export interface LogLine {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly message: string;
  readonly sentence?: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const MS_PER_SECOND = 1000;

/** `12.3 s`, for people. */
export function secondsText(ms: number): string {
  return `${(ms / MS_PER_SECOND).toFixed(1)} s`;
}

/** `1 assignment`, `2 assignments`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
