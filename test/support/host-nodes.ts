import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface HostNode {
  readonly path: string;
  readonly version: string;
}

export const THIS_NODE: HostNode = { path: process.execPath, version: process.version };

export function majorOf(version: string): number {
  return Number.parseInt(version.replace(/\D*/, ''), 10);
}

/** Where this machine's own programs are, without what the package brings along. */
export const HOST_PATH = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);

/** Every Node of this machine from a major version on that is older than this one. */
export function olderNodes(oldestMajor: number): readonly HostNode[] {
  const versions = [...new Set(HOST_PATH.split(delimiter))]
    .map((folder) => join(folder, 'node'))
    .filter((path) => existsSync(path))
    .map((path) => ({ path, version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim() }))
    .filter(({ version }) => majorOf(version) >= oldestMajor && majorOf(version) < majorOf(process.version));
  return [...new Map(versions.map((node) => [node.version, node])).values()];
}
