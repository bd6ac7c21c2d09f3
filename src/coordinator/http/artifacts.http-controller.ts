import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Head, HttpException, HttpStatus, Param, Put, Req, Res } from '@nestjs/common';
import { ContentError, type ContentErrorCode } from '../../content/content.error.js';
import { ContentStore } from '../../content/content-store.js';

const DIGEST = /^[0-9a-f]{64}$/;
/** One range: `bytes=<first>-`, `bytes=<first>-<last>` or the last bytes, `bytes=-<count>`. */
const RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/** Part of an artifact, `end` not included. */
interface Part {
  readonly start: number;
  readonly end: number;
}

const CONTENT_STATUS: Readonly<Record<ContentErrorCode, HttpStatus>> = {
  missing: HttpStatus.NOT_FOUND,
  corrupt: HttpStatus.NOT_FOUND,
  too_large: HttpStatus.PAYLOAD_TOO_LARGE,
  wrong_size: HttpStatus.BAD_REQUEST,
  wrong_digest: HttpStatus.BAD_REQUEST,
  no_space: HttpStatus.INSUFFICIENT_STORAGE,
};

/** Artifacts over HTTP, for peers that cannot stream from their side. */
@Controller('artifacts')
export class ArtifactsHttpController {
  constructor(private readonly content: ContentStore) {}

  @Head(':sha256')
  async head(@Param('sha256') sha256: string, @Res() response: ServerResponse): Promise<void> {
    const size = await this.sizeOf(sha256);
    response.writeHead(HttpStatus.OK, headers(sha256, size)).end();
  }

  @Get(':sha256')
  async get(
    @Param('sha256') sha256: string,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const size = await this.sizeOf(sha256);
    const part = partOf(request.headers.range, size);
    const { start, end } = part ?? { start: 0, end: size };
    const range = part ? { 'content-range': `bytes ${start}-${end - 1}/${size}` } : {};
    const status = part ? HttpStatus.PARTIAL_CONTENT : HttpStatus.OK;
    response.writeHead(status, { ...headers(sha256, end - start), ...range });
    // A caller that goes away ends the copy; there is nobody to tell.
    await pipeline(Readable.from(this.content.readFrom(sha256, start, end)), response).catch(() => undefined);
  }

  @Put(':sha256')
  async put(
    @Param('sha256') sha256: string,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const size = declaredSize(request);
    try {
      const { existing } = await this.content.put({ sha256: digestOf(sha256), size }, request);
      response.writeHead(existing ? HttpStatus.OK : HttpStatus.CREATED, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ sha256, size, existing }));
    } catch (error) {
      throw error instanceof ContentError ? new HttpException(error.message, CONTENT_STATUS[error.code]) : error;
    }
  }

  private async sizeOf(sha256: string): Promise<number> {
    const size = await this.content.size(digestOf(sha256));
    if (size === null) throw new HttpException(`there is no artifact ${sha256}`, HttpStatus.NOT_FOUND);
    return size;
  }
}

function digestOf(sha256: string): string {
  if (DIGEST.test(sha256)) return sha256;
  throw new HttpException('the name must be 64 lower-case hexadecimal digits', HttpStatus.BAD_REQUEST);
}

function declaredSize({ headers: { 'content-length': length = '' } }: IncomingMessage): number {
  if (/^\d{1,15}$/.test(length)) return Number(length);
  throw new HttpException('Content-Length must say how many bytes come', HttpStatus.LENGTH_REQUIRED);
}

/** null: all of it. */
function partOf(range: string | undefined, size: number): Part | null {
  if (range === undefined) return null;
  const [, first = '', last = ''] = RANGE.exec(range) ?? [];
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if ((first !== '' || last !== '') && start < end) return { start, end };
  throw new HttpException(
    `only one range of the form bytes=<first>-<last>, either left out, within ${size} bytes`,
    HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
  );
}

function headers(sha256: string, length: number): Record<string, string | number> {
  return {
    'content-type': 'application/octet-stream',
    'content-length': length,
    'accept-ranges': 'bytes',
    etag: `"${sha256}"`,
    'x-content-type-options': 'nosniff',
  };
}
