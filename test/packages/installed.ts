import { execFile } from 'node:child_process';
import { lstatSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pack } from '../../scripts/pack.mjs';
import { HOST_PATH } from '../support/host-nodes.js';
import { ROOT, scratchFolder } from '../support/program.js';

const exec = promisify(execFile);
const BLOCK_BYTES = 512;
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

/** Nothing of the checkout: neither its Node nor npm's settings of it. */
const ENVIRONMENT = { PATH: HOST_PATH, HOME: process.env['HOME'] };

/** An empty folder outside the checkout with packages installed from their tarballs, as npm does it for everybody. */
export class Installed {
  private constructor(
    readonly folder: string,
    /** Paths of the tarballs. */
    readonly tarballs: readonly string[],
  ) {}

  static async of(...names: readonly string[]): Promise<Installed> {
    const folder = scratchFolder();
    const out = scratchFolder();
    const tarballs: string[] = [];
    for (const name of names) tarballs.push(await pack(name, out));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
    const installed = new Installed(folder, tarballs);
    await installed.run(
      'npm',
      'install',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      '--loglevel=error',
      ...tarballs,
    );
    return installed;
  }

  get modules(): string {
    return join(this.folder, 'node_modules');
  }

  /** What the installed packages take on the disk, in bytes. */
  get bytes(): number {
    return bytesOf(this.modules);
  }

  /** Names of the packages that came along. */
  get packages(): string[] {
    const inScope = (name: string) =>
      name.startsWith('@') ? readdirSync(join(this.modules, name)).map((inner) => `${name}/${inner}`) : [name];
    const top = readdirSync(this.modules).filter((name) => !name.startsWith('.'));
    return top.flatMap(inScope).toSorted();
  }

  /** Runs a program in the folder and returns what it prints. Throws what it says where it fails. */
  async run(command: string, ...args: readonly string[]): Promise<string> {
    try {
      const { stdout } = await exec(command, args, { cwd: this.folder, env: ENVIRONMENT });
      return stdout;
    } catch (error) {
      const { message, stdout, stderr } = error as Error & { stdout: string; stderr: string };
      throw new Error(`${message}\n${stdout}\n${stderr}`, { cause: error });
    }
  }

  /** Has TypeScript check files, and write what it makes of them into `out`. Throws what it says where it refuses them. */
  async compile(files: readonly string[], options: Readonly<Record<string, unknown>>): Promise<void> {
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      target: 'es2022',
      outDir: 'out',
      ...options,
    };
    this.write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
    await this.run(process.execPath, TSC, '--project', 'tsconfig.json');
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(join(this.folder, name), content);
  }
}

/** Bytes of the disk that a file, or all files of a folder, take. */
function bytesOf(path: string): number {
  const found = lstatSync(path);
  const inside = found.isDirectory() ? readdirSync(path).map((name) => bytesOf(join(path, name))) : [];
  return inside.reduce((sum, bytes) => sum + bytes, found.blocks * BLOCK_BYTES);
}

/** Prints a size beside its bar, and returns it in millions of bytes. */
export function measured(what: string, bytes: number, barMb: number): number {
  const mb = bytes / 1e6;
  process.stdout.write(`${what.padEnd(40)} ${mb.toFixed(2).padStart(8)} MB, at most ${barMb}\n`);
  return mb;
}
