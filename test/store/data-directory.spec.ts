import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { DataDirectory } from '../../src/coordinator/store/data-directory.js';
import { AcceptedMark } from '../../src/coordinator/store/sqlite/accepted-mark.js';
import { cleanUp, scratchFolder } from '../support/program.js';

afterAll(cleanUp);

describe('the data directory of a coordinator', () => {
  it('is for one coordinator alone, wherever each keeps its database', () => {
    const path = join(scratchFolder(), 'data');
    const first = DataDirectory.claim(path, 0);
    expect(() => DataDirectory.claim(path, 0)).toThrow(
      expect.objectContaining({ code: 'in_use', hint: expect.stringContaining('--data-dir') }),
    );
    first.release();
    const second = DataDirectory.claim(path, 0);
    expect(second.artifacts).toBe(join(path, 'artifacts'));
    expect(readdirSync(path)).toEqual(['coordinator.lock']);
    second.release();
  });

  it('that cannot be used is named, with what to do', () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'data', 'coordinator.lock'), { recursive: true });
    for (const path of [join(folder, 'file'), join(folder, 'data')]) {
      expect(() => DataDirectory.claim(path, 0)).toThrow(
        expect.objectContaining({ code: 'unavailable', message: expect.stringContaining(path) }),
      );
    }
  });
});

describe('the mark of accepted jobs', () => {
  it('that cannot be written does not fail what has been committed', () => {
    const path = join(scratchFolder(), 'mark');
    // A pipe has no position to write at.
    execFileSync('mkfifo', [path]);
    const mark = new AcceptedMark(path);
    expect(() => mark.write(1)).not.toThrow();
    mark.close();
  });
});
