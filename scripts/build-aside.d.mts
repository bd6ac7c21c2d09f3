export function sourceDigest(root: string): Promise<string>;

export function buildAside(root: string, compile: (copy: string) => Promise<void>): Promise<boolean>;
