/** What a build makes, below the root. */
export const FOLDERS: readonly string[];

export function sourceDigest(root: string): Promise<string>;

export function buildAside(root: string, compile: (copy: string) => Promise<void>): Promise<boolean>;
