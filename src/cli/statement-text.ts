import type { VerifiedProof } from '../kernel/kernel.types.js';

const MAX_SHOWN_BYTES = 256;
const PRINTABLE = /^[\t\n\r\u0020-\u007e]*$/;

/** Bytes as lower-case hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** A public output for people: hex, cut where it is long, and as text where it is one. */
export function outputLines(label: string, output: Uint8Array): string[] {
  const shown = Buffer.from(output.subarray(0, MAX_SHOWN_BYTES));
  const rest = output.length > MAX_SHOWN_BYTES ? ` ... (${output.length} bytes, --json shows all)` : '';
  const text = shown.toString('latin1');
  const isText = text.trim() !== '' && PRINTABLE.test(text);
  return [
    `${label} ${output.length === 0 ? '(none)' : shown.toString('hex')}${rest}`,
    ...(isText ? [`${label.replace('output', 'as text').slice(0, label.length)} ${JSON.stringify(text)}`] : []),
  ];
}

/** The facts of a verified proof, for `--json`. */
export function proofFacts({ statement, securityBits }: VerifiedProof): Record<string, unknown> {
  const { programDigest, vkDigest, exitCode, output, cycles, segments } = statement;
  return { programDigest, vkDigest, exitCode, output: hex(output), cycles, segments, securityBits };
}

/** The same for people. */
export function proofLines({ statement, securityBits }: VerifiedProof): string[] {
  const { programDigest, vkDigest, exitCode, output, cycles, segments } = statement;
  return [
    `program digest  ${programDigest}`,
    `vk digest       ${vkDigest}`,
    `exit code       ${exitCode}`,
    `cycles          ${cycles}`,
    `segments        ${segments}`,
    `security        ${securityBits.toFixed(1)} bits (provable)`,
    ...outputLines('output         ', output),
  ];
}
