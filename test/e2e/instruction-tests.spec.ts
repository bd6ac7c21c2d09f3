import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { guestCases } from '../kernel/guests.js';
import { cleanUp, Program, ROOT, scratchFolder } from '../support/program.js';

const CLI = 'dist/cli/main.js';
const PROVE_MS = 300_000;

const TEXT = 0x8000_0000;
const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;

interface Segment {
  readonly address: number;
  readonly flags: number;
  readonly bytes: Uint8Array;
}

/** A file of two segments and no sections, as linkers of instruction tests leave it. */
function elf(segments: readonly Segment[]): Uint8Array {
  const contents = HEADER_BYTES + segments.length * PROGRAM_HEADER_BYTES;
  const file = Buffer.alloc(contents);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  file.writeUInt16LE(2, 16); // ET_EXEC
  file.writeUInt16LE(243, 18); // RISC-V
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(TEXT), 24);
  file.writeBigUInt64LE(BigInt(HEADER_BYTES), 32);
  for (const [at, size] of [HEADER_BYTES, PROGRAM_HEADER_BYTES, segments.length].entries()) {
    file.writeUInt16LE(size, 52 + 2 * at);
  }
  let offset = contents;
  for (const [i, { address, flags, bytes }] of segments.entries()) {
    const header = HEADER_BYTES + i * PROGRAM_HEADER_BYTES;
    file.writeUInt32LE(1, header); // PT_LOAD
    file.writeUInt32LE(flags, header + 4);
    const fields = [offset, address, address, bytes.length, bytes.length, 8];
    for (const [at, field] of fields.entries()) file.writeBigUInt64LE(BigInt(field), header + 8 + 8 * at);
    offset += bytes.length;
  }
  return Buffer.concat([file, ...segments.map(({ bytes }) => bytes)]);
}

function words(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt32LE(value, 4 * at);
  return bytes;
}

/** Reads a word that lies in the text, among words that are no instructions, by way of the data. */
function mixedText(data: number): Uint8Array {
  const text = words(
    0x00c0_006f, // j 0x8000000c
    0x0000_0000,
    0x1234_abcd, // data
    0x0ff0_000f, // fence
    0x0000_0297, // auipc t0, 0
    0xff82_a303, // lw t1, -8(t0)
    0x1234_b3b7, // lui t2, 0x1234b
    0xbcd3_8393, // addi t2, t2, -1075
    (data - TEXT + 0xe17) >>> 0, // auipc t3, data
    0xfe6e_2023, // sw t1, -32(t3)
    0xfe0e_2e83, // lw t4, -32(t3)
    0x41d3_8533, // sub a0, t2, t4
    0x05d0_0893, // li a7, 93
    0x0000_0073, // ecall
    0x0000_0000,
    0xffff_ffff,
  );
  return elf([
    { address: TEXT, flags: 5, bytes: text },
    { address: data, flags: 6, bytes: new Uint8Array(64) },
  ]);
}

/** Runs the command line to its end and returns what it printed as one object. */
async function cli(...args: readonly string[]): Promise<{ code: number | null; facts: Record<string, unknown> }> {
  const command = Program.start(CLI, [...args, '--json']);
  const { code } = await command.exited;
  return { code, facts: command.lines[0] ?? {} };
}

/** Proves a program with the built command line and verifies what came out. */
async function proveAndVerify(program: string): Promise<Record<string, unknown>> {
  const proof = join(scratchFolder(), 'test.plm');
  const proven = await cli('prove', program, '--local', '--threads', '1', '--out', proof);
  expect(proven).toMatchObject({ code: 0, facts: { exitCode: 0 } });
  const verified = await cli('verify', proof, '--program', program);
  expect(verified).toMatchObject({ code: 0, facts: { verified: true } });
  return verified.facts;
}

afterAll(cleanUp);

describe('instruction tests that end with ecall 93', () => {
  const names = ['divw-80100000', 'misaligned-lw-a0030000'];

  it.each(guestCases('tests').filter(({ name }) => names.includes(name)))(
    '$name is proven and verified by the plain command line',
    async ({ elf: path, exitCode, instructions }) => {
      const facts = await proveAndVerify(join(ROOT, 'guests', path));
      expect(facts).toMatchObject({ exitCode, cycles: instructions, segments: 1 });
    },
    PROVE_MS,
  );

  it.each([
    { data: 0x8010_0000, place: '80100000' },
    { data: 0xa003_0000, place: 'a0030000' },
  ])(
    'zero words and data in the text and a fence are no obstacle, with data at $place',
    async ({ data }) => {
      const program = join(scratchFolder(), 'mixed.elf');
      writeFileSync(program, mixedText(data));
      expect(await proveAndVerify(program)).toMatchObject({ exitCode: 0, cycles: 12, segments: 1 });
    },
    PROVE_MS,
  );
});
