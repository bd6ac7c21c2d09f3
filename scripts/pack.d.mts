export const PUBLISHED: Readonly<Record<string, string>>;

export function pack(name: string, out: string): Promise<string>;
