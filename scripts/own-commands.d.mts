export function linkOwnCommands(root: string): Promise<void>;
