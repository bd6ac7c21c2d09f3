import { statfs } from 'node:fs/promises';

/** Bytes that are free for this user where the folder lies. @throws Error of the system */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
