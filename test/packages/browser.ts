import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { scratchFolder } from '../support/program.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

const SWITCHES = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];

/** What a page of the folder posts to `/found` when a browser without a screen has opened it. */
export async function browse(folder: string, page: string): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const server = await serve(folder, resolve);
  const { port } = server.address() as AddressInfo;
  const args = [...SWITCHES, `--user-data-dir=${scratchFolder()}`, `http://127.0.0.1:${port}/${page}`];
  const browser = spawn(process.env['PROOFLOOM_BROWSER'] ?? 'chromium', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  browser.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  browser.once('error', reject);
  const ended = new Promise((done) => browser.once('close', done));
  void ended.then((code) => reject(new Error(`the browser ended with ${String(code)}: ${said.join('')}`)));
  try {
    return await promise;
  } finally {
    browser.kill('SIGTERM');
    await ended;
    server.close();
    server.closeAllConnections();
  }
}

/** Serves the files of a folder, and gives to `found` what is posted. */
function serve(folder: string, found: (report: unknown) => void): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method === 'POST') void take(request, response, found);
    else send(folder, request, response);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

async function take(request: IncomingMessage, response: ServerResponse, found: (report: unknown) => void) {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  response.end();
  found(JSON.parse(Buffer.concat(chunks).toString()));
}

function send(folder: string, { url }: IncomingMessage, response: ServerResponse): void {
  const path = normalize(new URL(url ?? '/', 'http://page').pathname);
  try {
    const content = readFileSync(join(folder, path));
    response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream').end(content);
  } catch {
    response.writeHead(404).end();
  }
}
