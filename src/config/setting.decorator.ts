/** Which programs read a setting. */
export type SettingReader = 'coordinator' | 'prover';

export const COORDINATOR: readonly SettingReader[] = ['coordinator'];
export const PROVER: readonly SettingReader[] = ['prover'];
export const BOTH: readonly SettingReader[] = ['coordinator', 'prover'];

/** What a setting is, for reading it, for reporting a wrong value and for the generated documents. */
export interface SettingOptions {
  readonly describe: string;
  /** What values are admitted, as the rest of the sentence "allowed: ...". */
  readonly allowed: string;
  /** The text used when no source names the setting; absent where it may stay unset. */
  readonly default?: string;
  /** What happens when it stays unset, for the documents; only without `default`. */
  readonly unset?: string;
  /** Its value is never shown. */
  readonly isSecret?: boolean;
  readonly readers: readonly SettingReader[];
  /** Turns the text into the value; a text it cannot read becomes a value that the validators refuse. */
  readonly parse: (text: string) => unknown;
}

export interface SettingDefinition extends SettingOptions {
  /** Name without prefix, also the schema's property. */
  readonly name: string;
}

const definitions: SettingDefinition[] = [];

/** Declares a property of the schema as a setting of that name. */
export function Setting(options: SettingOptions): PropertyDecorator {
  return (_schema, property) => {
    definitions.push({ name: String(property), ...options });
  };
}

/** All declared settings, in the order of the schema. */
export function settingDefinitions(): readonly SettingDefinition[] {
  return definitions;
}
