/** Room -> room -> number of imports. */
export type Arrows = ReadonlyMap<string, ReadonlyMap<string, number>>;

export function levelsOf(imports: Iterable<readonly [string, readonly string[]]>): ReadonlyMap<string, Arrows>;
export function circlesOf(arrows: Arrows): string[][];
export function describeLevel(folder: string, arrows: Arrows): string[];
export function hasFolders(arrows: Arrows): boolean;
