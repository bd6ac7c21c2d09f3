import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unmetEngines, withoutUnmetEngines, type Lockfile } from '../../scripts/lockfile.mjs';
import { ROOT } from '../support/program.js';

const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lockfile;

describe('the lockfile', () => {
  it('[case: clean-install] says what npm would add to it, and nothing that npm would warn of', () => {
    expect(lock.packages['node_modules/better-sqlite3']).toMatchObject({ hasInstallScript: true });
    expect(unmetEngines(lock)).toEqual([]);
  });

  it('loses the engines that leave out the oldest Node, and nothing else', () => {
    const raw = {
      packages: {
        '': { engines: { node: '>=20' } },
        old: { version: '1.0.0', engines: { node: '>=18' } },
        young: { version: '2.0.0', engines: { node: '^20.1.0 || >=22' } },
        silent: { version: '3.0.0' },
      },
    };
    expect(unmetEngines(raw)).toEqual(['young']);
    const young = { version: '2.0.0' };
    expect(withoutUnmetEngines(raw)).toEqual({ packages: { ...raw.packages, young } });
  });
});
