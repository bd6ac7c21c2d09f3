import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { validateSync } from 'class-validator';
import { settingDefinitions, type SettingDefinition } from './setting.decorator.js';
import { Settings } from './settings.js';
import { SettingsSchema } from './settings.schema.js';

export const SETTING_PREFIX = 'DISTRIBUTED_';
/** The prefix that older deployments use. */
export const LEGACY_PREFIX = 'CONSENSUS_';

/** Variables by name, as `process.env` has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A value given on the command line, with the flag that gave it. */
export interface FlagValue {
  readonly flag: string;
  readonly value: string;
}

/** Where settings come from, strongest first: flags, environment, .env file; defaults are the schema's. */
export interface SettingSources {
  /** By setting name, without prefix. */
  readonly flags?: Readonly<Record<string, FlagValue>>;
  readonly environment: Variables;
  /** Contents of the `.env` file. */
  readonly envFile?: Variables;
}

export interface LoadedSettings {
  readonly settings: Settings;
  /** What the operator should know, one sentence each. */
  readonly warnings: readonly string[];
}

/** Some settings are wrong; the message names every one with its value and what is allowed. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(readonly problems: readonly string[]) {
    super(`Wrong settings:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  }
}

interface Found {
  /** The variable or flag as the operator wrote it. */
  readonly source: string;
  readonly text: string;
}

/**
 * Reads, checks and completes all settings.
 * @throws SettingsError naming every problem at once
 */
export function loadSettings(sources: SettingSources): LoadedSettings {
  const schema = new SettingsSchema();
  const found = new Map<string, Found>();
  for (const definition of settingDefinitions()) {
    const value = find(definition.name, sources);
    if (value) found.set(definition.name, value);
    const given = value?.text ?? definition.default;
    if (given !== undefined) Object.assign(schema, { [definition.name]: definition.parse(given) });
  }
  const problems = [...invalidValues(schema, found), ...conflicts(schema)];
  if (problems.length > 0) throw new SettingsError(problems);
  return { settings: new Settings(schema), warnings: [...legacyWarning(found), ...unknownWarnings(sources)] };
}

/** A setting by itself, as the strongest of its sources gives it. */
export interface GivenSetting {
  readonly text: string;
  readonly warnings: readonly string[];
}

/**
 * One setting, checked, for programs that need no others; undefined where no source names it.
 * @param name without prefix
 * @throws SettingsError
 */
export function givenSetting(name: keyof SettingsSchema, sources: SettingSources): GivenSetting | undefined {
  const found = find(name, sources);
  const definition = settingDefinitions().find((candidate) => candidate.name === name);
  if (!found || !definition) return undefined;
  const schema = Object.assign(new SettingsSchema(), { [name]: definition.parse(found.text) });
  const isWrong = validateSync(schema).some(({ property }) => property === name);
  if (isWrong) throw new SettingsError([describeProblem(definition, found)]);
  return { text: found.text, warnings: legacyWarning(new Map([[name, found]])) };
}

/** The variables of an `.env` file, with or without a byte order mark; none where there is no such file. */
export function readEnvFile(path: string): Variables {
  if (!existsSync(path)) return {};
  try {
    return parseEnv(textOf(readFileSync(path)));
  } catch (error) {
    throw new SettingsError([`${path} cannot be read: ${String(error)}`]);
  }
}

/** Editors that save UTF-16 do so with a byte order mark. @throws TypeError */
function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first !== undefined && second !== undefined && UTF16_MARKS.has(first * 256 + second)) {
    throw new TypeError('it is UTF-16 text; save it as UTF-8');
  }
  return new TextDecoder().decode(bytes);
}

const UTF16_MARKS: ReadonlySet<number> = new Set([0xff_fe, 0xfe_ff]);

/** The strongest source that names a setting. An empty text counts as not given. */
function find(name: string, { flags, environment, envFile = {} }: SettingSources): Found | undefined {
  const flag = flags?.[name];
  const candidates: Found[] = [
    ...(flag ? [{ source: flag.flag, text: flag.value }] : []),
    ...variablesOf(name, environment),
    ...variablesOf(name, envFile),
  ];
  return candidates.find(({ text }) => text.trim() !== '');
}

function variablesOf(name: string, variables: Variables): Found[] {
  return [SETTING_PREFIX + name, LEGACY_PREFIX + name].map((source) => ({ source, text: variables[source] ?? '' }));
}

function invalidValues(schema: SettingsSchema, found: ReadonlyMap<string, Found>): string[] {
  const definitions = new Map(settingDefinitions().map((definition) => [definition.name, definition]));
  const wrong = new Set(validateSync(schema).map(({ property }) => property));
  return [...definitions.keys()]
    .filter((name) => wrong.has(name))
    .map((name) => describeProblem(definitions.get(name), found.get(name)));
}

function describeProblem(definition: SettingDefinition | undefined, found: Found | undefined): string {
  const source = found?.source ?? `${SETTING_PREFIX}${definition?.name}`;
  const shown = definition?.isSecret ? 'not what it must be' : `"${found?.text ?? ''}"`;
  return `${source} is ${shown}; allowed: ${definition?.allowed}`;
}

/** Values that are admitted one by one and do not go together. */
function conflicts(schema: SettingsSchema): string[] {
  return [...leaseConflict(schema), ...tlsConflict(schema)];
}

function leaseConflict({ LEASE, HEARTBEAT_INTERVAL }: SettingsSchema): string[] {
  if (!(LEASE < 2 * HEARTBEAT_INTERVAL)) return [];
  return [
    `${SETTING_PREFIX}LEASE is ${LEASE} ms and ${SETTING_PREFIX}HEARTBEAT_INTERVAL is ` +
      `${HEARTBEAT_INTERVAL} ms; allowed: a lease of at least two heartbeats`,
  ];
}

/** A coordinator that was told to ask for certificates must not serve without asking. */
function tlsConflict({ TLS_CERT, TLS_KEY, TLS_CA, TLS_CLIENT_AUTH }: SettingsSchema): string[] {
  const pair = (TLS_CERT === undefined) !== (TLS_KEY === undefined);
  const asks = TLS_CLIENT_AUTH !== 'off' && (TLS_CERT === undefined || TLS_CA === undefined);
  return [
    ...(pair
      ? [`only one of ${SETTING_PREFIX}TLS_CERT and ${SETTING_PREFIX}TLS_KEY is set; allowed: both or neither`]
      : []),
    ...(asks
      ? [
          `${SETTING_PREFIX}TLS_CLIENT_AUTH is "${TLS_CLIENT_AUTH}"; allowed: that only with ${SETTING_PREFIX}TLS_CERT and ${SETTING_PREFIX}TLS_CA`,
        ]
      : []),
  ];
}

function legacyWarning(found: ReadonlyMap<string, Found>): string[] {
  const legacy = [...found.values()].filter(({ source }) => source.startsWith(LEGACY_PREFIX));
  if (legacy.length === 0) return [];
  const names = legacy.map(({ source }) => source).join(', ');
  return [`Old variable prefix in ${names}: it still works; write ${SETTING_PREFIX} instead.`];
}

function unknownWarnings({ environment, envFile = {} }: SettingSources): string[] {
  const known = new Set(settingDefinitions().map(({ name }) => name));
  const names = new Set([...Object.keys(environment), ...Object.keys(envFile)]);
  return [...names]
    .filter((name) => name.startsWith(SETTING_PREFIX) && !known.has(name.slice(SETTING_PREFIX.length)))
    .map((name) => `Unknown variable ${name} is ignored; docs/configuration.md lists all.`);
}
