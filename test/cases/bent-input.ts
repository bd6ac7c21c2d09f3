/** Where the machine puts the input. */
const INPUT_BASE = 0x4000_0000;
/** The bent one lies so far behind the instruction that looks for it: where a program may give values to memory. */
const DISTANCE = 0x1000_0000;

const E_PHOFF = 0x20;
const E_PHNUM = 0x38;
const PHDR_BYTES = 56;
const PF_R = 4;
const PAGE = 0x1000;

const LUI = 0x37;
const AUIPC = 0x17;
const RD = 0xf80;

interface Text {
  readonly offset: number;
  readonly address: number;
  readonly bytes: number;
}

/** The first segment, which is the text. */
function textOf(elf: DataView, headersAt: number): Text {
  const field = (offset: number): number => Number(elf.getBigUint64(headersAt + offset, true));
  return { offset: field(8), address: field(16), bytes: field(32) };
}

/** `lui rd, INPUT_BASE` becomes `auipc rd, DISTANCE`; returns where in the text that was. */
function redirect(elf: DataView, { offset, bytes }: Text): number[] {
  const found: number[] = [];
  for (let at = 0; at < bytes; at += 4) {
    const word = elf.getUint32(offset + at, true);
    if ((word & ~RD) >>> 0 !== (INPUT_BASE | LUI)) continue;
    elf.setUint32(offset + at, DISTANCE | (word & RD) | AUIPC, true);
    found.push(at);
  }
  if (found.length === 0) throw new Error('the program does not load the address of the input');
  return found;
}

/** The header of a read-only segment, made from that of the text. */
function headerLike(text: Uint8Array, offset: number, address: number, bytes: number): Uint8Array {
  const header = new DataView(new Uint8Array(text).buffer);
  header.setUint32(4, PF_R, true);
  const fields = [offset, address, address, bytes, bytes, PAGE];
  fields.forEach((value, index) => {
    header.setBigUint64(8 + 8 * index, BigInt(value), true);
  });
  return new Uint8Array(header.buffer);
}

/**
 * The program as under a machine that lies about the length of the input: its own code, except that it
 * finds the length word elsewhere, where a segment says `length`.
 */
export function withInputLength(program: Uint8Array, length: bigint): Uint8Array<ArrayBuffer> {
  const original = new DataView(program.buffer, program.byteOffset, program.length);
  const headersAt = Number(original.getBigUint64(E_PHOFF, true));
  const count = original.getUint16(E_PHNUM, true);
  const headers = program.subarray(headersAt, headersAt + count * PHDR_BYTES);
  const text = textOf(original, headersAt);
  const segmentAt = Math.ceil(program.length / PAGE) * PAGE;
  const tableAt = segmentAt + text.bytes + 8;
  const bent = new Uint8Array(tableAt + headers.length + PHDR_BYTES);
  bent.set(program);
  const view = new DataView(bent.buffer);
  for (const at of redirect(view, text)) view.setBigUint64(segmentAt + at, length, true);
  bent.set(headers, tableAt);
  const added = headerLike(headers.subarray(0, PHDR_BYTES), segmentAt, text.address + DISTANCE, text.bytes + 8);
  bent.set(added, tableAt + headers.length);
  view.setBigUint64(E_PHOFF, BigInt(tableAt), true);
  view.setUint16(E_PHNUM, count + 1, true);
  return bent;
}
