import type { FlagValue } from './settings.loader.js';

/** Which option of a command sets which setting, without prefix. */
export type FlagTable = Readonly<Record<string, string>>;

/**
 * The flags that were given, by the settings they set.
 * @param table option name as commander gives it (`port`) to setting (`SERVER_PORT`)
 */
export function givenFlags(options: Readonly<Record<string, unknown>>, table: FlagTable): Record<string, FlagValue> {
  const given = Object.entries(table).filter(([option]) => options[option] !== undefined);
  return Object.fromEntries(
    given.map(([option, setting]) => [setting, { flag: `--${kebab(option)}`, value: String(options[option]) }]),
  );
}

function kebab(option: string): string {
  return option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
