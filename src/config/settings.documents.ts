import { settingDefinitions, type SettingDefinition } from './setting.decorator.js';
import { SETTING_PREFIX } from './settings.loader.js';

/** Text of `.env.example`. */
export function envExample(): string {
  const head = [
    '# Settings of Proofloom. Copy this file to .env and take away the # before a line to change it.',
    '# Made from src/config/settings.schema.ts by `npm run generate`.',
  ].join('\n');
  return `${[head, ...settingDefinitions().map(exampleEntry)].join('\n\n')}\n`;
}

/** Text of `docs/configuration.md`. */
export function settingsPage(): string {
  return `${[
    '# Settings',
    '',
    'A command line flag wins over an environment variable, that over the file `.env` in the working directory, that over the default.',
    'Where a variable with the prefix `DISTRIBUTED_` is not set, the one with the older prefix `CONSENSUS_` is read, with one warning at start.',
    'Coordinators are reached directly: only `grpc_proxy` in the environment (`http://host:port`) names a proxy, and `no_grpc_proxy` hosts without it; `http_proxy` and `https_proxy` are not read.',
    'A program that finds wrong settings names all of them and exits with code 2.',
    '',
    'This page is made from `src/config/settings.schema.ts` by `npm run generate`.',
    '',
    '| variable | read by | meaning | allowed | default |',
    '| --- | --- | --- | --- | --- |',
    ...settingDefinitions().map(tableRow),
  ].join('\n')}\n`;
}

function exampleEntry({ name, describe, allowed, unset, ...definition }: SettingDefinition): string {
  const lines = [`# ${describe}`, `# Allowed: ${allowed}.`, ...(unset ? [`# Unset: ${unset}.`] : [])];
  return [...lines, `#${SETTING_PREFIX}${name}=${definition.default ?? ''}`].join('\n');
}

function tableRow({ name, readers, describe, allowed, unset, ...definition }: SettingDefinition): string {
  const fallback = definition.default === undefined ? `unset: ${unset}` : `\`${definition.default}\``;
  const cells = [`\`${SETTING_PREFIX}${name}\``, readers.join(', '), describe, allowed, fallback];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
