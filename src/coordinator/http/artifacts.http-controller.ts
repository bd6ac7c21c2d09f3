import type { IncomingMessage, ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import { Controller, Get, Head, HttpException, HttpStatus, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ContentError, type ContentErrorCode } from '../../content/content.error.js';
import { SHA256_PATTERN } from '../../domain/ids.js';
import { ContentStore, type ContentKind } from '../../content/content-store.js';

/** The file is there and cannot be read: no handles left, or the disk fails. */
const UNREADABLE = HttpStatus.SERVICE_UNAVAILABLE;

/** Express's response, as far as it is used here. */
interface FileResponse extends ServerResponse {
  sendFile(path: string, options: Readonly<Record<string, unknown>>, done: (error?: SendError) => void): void;
}

interface SendError extends Error {
  readonly status?: HttpStatus;
  readonly headers?: Readonly<Record<string, string>>;
}

const CONTENT_STATUS: Readonly<Record<ContentErrorCode, HttpStatus>> = {
  missing: HttpStatus.NOT_FOUND,
  corrupt: HttpStatus.NOT_FOUND,
  too_large: HttpStatus.PAYLOAD_TOO_LARGE,
  wrong_size: HttpStatus.BAD_REQUEST,
  wrong_digest: HttpStatus.BAD_REQUEST,
  no_space: HttpStatus.INSUFFICIENT_STORAGE,
  no_handles: HttpStatus.SERVICE_UNAVAILABLE,
  unwritable: HttpStatus.SERVICE_UNAVAILABLE,
  folder_gone: HttpStatus.SERVICE_UNAVAILABLE,
};

/** Artifacts over HTTP, for peers that cannot stream from their side. */
@Controller('artifacts')
export class ArtifactsHttpController {
  constructor(private readonly content: ContentStore) {}

  /** Ranges are for GET; other methods ignore them. */
  @Head(':sha256')
  async head(
    @Param('sha256') sha256: string,
    @Req() request: IncomingMessage,
    @Res() response: FileResponse,
  ): Promise<void> {
    delete request.headers.range;
    await this.get(sha256, request, response);
  }

  /** Ranges and conditions as RFC 9110 has them; several ranges at once are answered with the whole. */
  @Get(':sha256')
  async get(
    @Param('sha256') sha256: string,
    @Req() request: IncomingMessage,
    @Res() response: FileResponse,
  ): Promise<void> {
    await this.mustExist(sha256);
    // Said to caches on the way, by fetch with every condition; here nothing can be stale.
    delete request.headers['cache-control'];
    response.setHeader('content-type', 'application/octet-stream');
    response.setHeader('etag', `"${sha256}"`);
    response.setHeader('x-content-type-options', 'nosniff');
    const options = { dotfiles: 'allow', lastModified: false, cacheControl: false };
    await new Promise<void>((done, fail) => {
      response.sendFile(resolve(this.content.pathOf(sha256)), options, (error) => {
        // A caller that went away ended the copy; there is nobody to tell.
        if (!error || response.headersSent) return done();
        response.removeHeader('content-type');
        response.removeHeader('etag');
        for (const [name, value] of Object.entries(error.headers ?? {})) response.setHeader(name, value);
        fail(this.refusalOf(error, sha256));
      });
    });
  }

  /** `?kind=proof`: a proof, which has a limit of its own. */
  @Put(':sha256')
  async put(
    @Param('sha256') sha256: string,
    @Query('kind') kind: unknown,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const size = declaredSize(request);
    try {
      const { existing } = await this.content.put({ sha256: digestOf(sha256), size }, request, kindOf(kind));
      response.writeHead(existing ? HttpStatus.OK : HttpStatus.CREATED, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ sha256, size, existing }));
    } catch (error) {
      throw refused(error);
    }
  }

  private async mustExist(sha256: string): Promise<void> {
    const size = await this.content.wholeSize(digestOf(sha256)).catch((error: unknown) => {
      throw refused(error);
    });
    if (size === null) throw missing(sha256);
  }

  private refusalOf({ status = HttpStatus.INTERNAL_SERVER_ERROR, message }: SendError, sha256: string): HttpException {
    if (status === HttpStatus.NOT_FOUND) return missing(sha256);
    if (status === HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE) {
      return new HttpException('the range lies beyond the artifact; Content-Range says how long it is', status);
    }
    if (status === HttpStatus.PRECONDITION_FAILED) {
      return new HttpException('a condition of the request does not hold; the ETag of an artifact is its name', status);
    }
    return new HttpException(`artifact ${sha256} cannot be read now: ${message}; try again in a moment`, UNREADABLE);
  }
}

function refused(error: unknown): unknown {
  return error instanceof ContentError ? new HttpException(error.message, CONTENT_STATUS[error.code]) : error;
}

function missing(sha256: string): HttpException {
  return new HttpException(`there is no artifact ${sha256}`, HttpStatus.NOT_FOUND);
}

function digestOf(sha256: string): string {
  if (SHA256_PATTERN.test(sha256)) return sha256;
  throw new HttpException('the name must be 64 lower-case hexadecimal digits', HttpStatus.BAD_REQUEST);
}

function kindOf(kind: unknown): ContentKind {
  if (kind === undefined) return 'upload';
  if (kind === 'proof') return kind;
  throw new HttpException('kind must be proof, or left out', HttpStatus.BAD_REQUEST);
}

function declaredSize({ headers: { 'content-length': length = '' } }: IncomingMessage): number {
  if (/^\d{1,15}$/.test(length)) return Number(length);
  throw new HttpException('Content-Length must say how many bytes come', HttpStatus.LENGTH_REQUIRED);
}
