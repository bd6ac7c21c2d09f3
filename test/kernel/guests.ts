import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const GUESTS = join(import.meta.dirname, '../../guests');

/** What an independent machine (qemu) said of a guest, or how the guest must be stopped. */
export interface GuestCase {
  readonly name: string;
  readonly elf: string;
  readonly input: string | null;
  readonly exitCode?: number;
  /** Hex. */
  readonly output?: string;
  readonly instructions?: number;
  readonly misalignedAccesses?: number;
  /** What the oracle counted where the guest did the work of accelerators itself. */
  readonly software?: { readonly instructions: number; readonly misalignedAccesses: number; readonly calls: number };
  readonly trap?: { readonly code: string; readonly pc?: string | number };
}

/** The recorded cases of one of the guests' folders. */
export function guestCases(folder = ''): GuestCase[] {
  const cases = JSON.parse(readFileSync(join(GUESTS, folder, 'expected.json'), 'utf8')) as Record<string, GuestCase>;
  return Object.entries(cases).map(([name, recorded]) => ({ ...recorded, name }));
}

/** The bytes of a file below the guests' folder. */
export function guestFile(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(GUESTS, path)));
}

/** The input of a case; none is empty. */
export function guestInput({ input }: GuestCase): Uint8Array {
  return input === null ? new Uint8Array() : guestFile(input);
}
