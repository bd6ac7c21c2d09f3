import { KernelError } from '../kernel/kernel.error.js';
import type { KernelPhase, KernelProgress } from '../kernel/kernel.types.js';

/** What the native kernel writes (kernel/wasm/examples/native_bench.rs). */
export type Frame =
  | { readonly kind: 'response'; readonly bytes: Uint8Array }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'progress'; readonly progress: KernelProgress };

const HEAD_BYTES = 5;
const LENGTH_BYTES = 4;
const PROGRESS_BYTES = 20;
const KINDS = ['response', 'log', 'progress'] as const;
const PHASES: readonly KernelPhase[] = ['setup', 'execute', 'contribute', 'prove', 'aggregate', 'verify'];

/** A request as the native kernel reads it: its length, then its bytes. */
export function requestFrame(request: Uint8Array): Uint8Array {
  const frame = new Uint8Array(LENGTH_BYTES + request.length);
  new DataView(frame.buffer).setUint32(0, request.length, true);
  frame.set(request, LENGTH_BYTES);
  return frame;
}

/** Cuts what the native kernel writes into frames, wherever the pieces of it end. */
export class FrameReader {
  private readonly pieces: Buffer[] = [];
  private buffered = 0;
  /** Bytes that the next frame needs. */
  private needed = HEAD_BYTES;

  /**
   * Takes the next piece; gives the frames that are complete with it.
   * @throws KernelError `protocol` where a frame is none of the known kinds
   */
  push(piece: Buffer): Frame[] {
    this.pieces.push(piece);
    this.buffered += piece.length;
    const frames: Frame[] = [];
    // Pieces are joined only when they end a frame: a proof comes in many.
    while (this.buffered >= this.needed) this.cut(frames);
    return frames;
  }

  private cut(frames: Frame[]): void {
    const bytes = Buffer.concat(this.pieces.splice(0));
    // Checked before the rest is waited for: what is no frame has no length either.
    const kind = kindOf(bytes.readUInt8(0));
    const end = HEAD_BYTES + bytes.readUInt32LE(1);
    if (bytes.length >= end) frames.push(parse(kind, bytes.subarray(HEAD_BYTES, end)));
    const rest = bytes.length >= end ? bytes.subarray(end) : bytes;
    this.needed = bytes.length >= end ? HEAD_BYTES : end;
    this.pieces.push(rest);
    this.buffered = rest.length;
  }
}

function kindOf(code: number): Frame['kind'] {
  const kind = KINDS[code];
  if (kind) return kind;
  throw new KernelError('protocol', `the native kernel wrote a frame of kind ${code}; known: 0 to 2`);
}

function parse(kind: Frame['kind'], content: Buffer): Frame {
  switch (kind) {
    case 'response':
      return { kind, bytes: new Uint8Array(content) };
    case 'log':
      return { kind, line: content.toString() };
    case 'progress':
      return { kind, progress: parseProgress(content) };
  }
}

function parseProgress(content: Buffer): KernelProgress {
  const phase = content.length === PROGRESS_BYTES ? PHASES[content.readUInt32LE(0)] : undefined;
  if (!phase) throw new KernelError('protocol', 'the native kernel wrote a progress frame of another layout');
  const [done, total] = [content.readUInt32LE(4), content.readUInt32LE(8)];
  return { phase, fraction: total === 0 ? 1 : Math.min(1, done / total), atMs: content.readDoubleLE(12) };
}
