import { constants } from 'node:fs';
import { open, realpath, type FileHandle } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { errorCode, isOutOfHandles } from '../../lifecycle/system-error.js';
import { noHandles } from '../transport/content-refusal.js';
import { AdminError } from '../transport/error-response.js';

/** Opening a named pipe must not wait for its writer. */
const READ_AT_ONCE = constants.O_RDONLY | constants.O_NONBLOCK;

/** Reads the inputs that LaunchProof names: regular files below the allowed folders, and nothing else. */
@Injectable()
export class InputRoots {
  private readonly roots: readonly string[];
  private readonly maxBytes: number;

  constructor({ launch, jobs }: Settings) {
    this.roots = launch.inputRoots.map((root) => resolve(root));
    this.maxBytes = jobs.maxArtifactBytes;
  }

  /**
   * Opens an input for `work`, which may read it. A relative path is taken from the first folder.
   * @throws AdminError INPUT_NOT_ALLOWED, INPUT_NOT_FOUND; QUOTA_EXCEEDED from reading; whatever `work` throws
   */
  async using<T>(inputPath: string, work: (read: () => Promise<Uint8Array>) => Promise<T>): Promise<T> {
    const asked = resolve(this.roots[0] ?? '.', inputPath);
    if (inputPath.includes('\0') || !isBelow(asked, this.roots)) throw this.notAllowed(inputPath);
    const path = await this.resolveLinks(asked, inputPath);
    const file = await open(path, READ_AT_ONCE).catch((error: unknown) => {
      throw isOutOfHandles(error) ? noHandles(error) : notFound(inputPath);
    });
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw this.notAllowed(inputPath);
      return await work(() => this.read(file, stat.size, inputPath));
    } finally {
      await file.close();
    }
  }

  /** Links may lead anywhere, so where the path really ends is what counts. */
  private async resolveLinks(asked: string, inputPath: string): Promise<string> {
    const path = await realpath(asked).catch((error: unknown) => {
      throw errorCode(error) === 'EACCES' ? this.notAllowed(inputPath) : notFound(inputPath);
    });
    const roots = await Promise.all(this.roots.map((root) => realpath(root).catch(() => root)));
    if (!isBelow(path, roots)) throw this.notAllowed(inputPath);
    return path;
  }

  private async read(file: FileHandle, size: number, inputPath: string): Promise<Uint8Array> {
    if (size > this.maxBytes) {
      throw new AdminError('QUOTA_EXCEEDED', `${inputPath} has ${size} bytes; allowed: ${this.maxBytes}`);
    }
    return file.readFile();
  }

  private notAllowed(inputPath: string): AdminError {
    const where = this.roots.join(', ');
    return new AdminError('INPUT_NOT_ALLOWED', `${inputPath} is no regular file below an allowed folder (${where})`);
  }
}

function isBelow(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => path.startsWith(root.endsWith(sep) ? root : root + sep));
}

function notFound(inputPath: string): AdminError {
  return new AdminError('INPUT_NOT_FOUND', `${inputPath} cannot be read: there is no such file`);
}
