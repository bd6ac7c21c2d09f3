import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolder } from '../../src/prover/data-folder.js';
import { CountingRandom } from '../support/manual-time.js';
import { cleanUp, scratchFolder } from '../support/program.js';

afterAll(cleanUp);

describe('the data folder of a prover', () => {
  it("keeps the prover's name across restarts", () => {
    const dataDir = scratchFolder();
    const first = DataFolder.claim(dataDir);
    const id = first.proverId(new CountingRandom());
    first.release();
    const random = new CountingRandom();
    random.hex(4);
    const second = DataFolder.claim(dataDir);
    expect(second.path).toBe(first.path);
    expect(second.proverId(random)).toBe(id);
    second.release();
  });

  it('is another one for each prover that runs at the same time, so that two never share a name', () => {
    const dataDir = scratchFolder();
    const random = new CountingRandom();
    const [first, second] = [DataFolder.claim(dataDir), DataFolder.claim(dataDir)];
    expect(second.path).not.toBe(first.path);
    expect(second.proverId(random)).not.toBe(first.proverId(random));
    first.release();
    second.release();
  });

  it('gets a new name where the kept one is no name', () => {
    const dataDir = scratchFolder();
    const folder = DataFolder.claim(dataDir);
    writeFileSync(join(folder.path, 'prover-id'), 'not a name!\n');
    expect(folder.proverId(new CountingRandom())).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*-00000001$/);
    folder.release();
  });

  it('says which folder cannot be used', () => {
    const dataDir = scratchFolder();
    mkdirSync(join(dataDir, 'provers'));
    writeFileSync(join(dataDir, 'provers', '1'), 'a file where a folder should be');
    expect(() => DataFolder.claim(dataDir)).toThrow(join(dataDir, 'provers', '1'));
  });
});
