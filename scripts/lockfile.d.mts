export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export interface LockedPackage {
  readonly version?: string;
  readonly engines?: { readonly node?: string };
  readonly hasInstallScript?: boolean;
}

/** Paths of the packages whose `engines` leave out the oldest Node that the root package admits. */
export function unmetEngines(lock: Lockfile): string[];

export function withoutUnmetEngines(lock: Lockfile): Lockfile;
