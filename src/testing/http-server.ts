/** Small helpers around node:http that the three servers of the stand-in share. */
import * as http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A server on 127.0.0.1 that can be broken and mended. */
export class LocalServer {
  readonly #server: http.Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;

  constructor(handle: http.RequestListener) {
    this.#server = http.createServer({ keepAliveTimeout: 30_000 }, handle);
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', 4096, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Listens again where it did before. */
  relisten(): Promise<void> {
    return this.#server.listening ? Promise.resolve() : this.listen(this.#port);
  }

  /** Stops listening and breaks all connections. */
  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    return closed;
  }
}

/** Reads a request's body, at most 1 MB. */
export async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.byteLength;
    if (length > 1_000_000) throw new Error('The body is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads a form, urlencoded or multipart. */
export async function readForm(request: http.IncomingMessage): Promise<URLSearchParams> {
  const body = await readBody(request);
  const boundary = /boundary="?([^";]+)"?/.exec(request.headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) return new URLSearchParams(body);
  const form = new URLSearchParams();
  for (const part of body.split(`--${boundary}`)) {
    const [head = '', ...rest] = part.split('\r\n\r\n');
    const name = /name="([^"]*)"/.exec(head)?.[1];
    if (name !== undefined) form.append(name, rest.join('\r\n\r\n').replace(/\r\n$/, ''));
  }
  return form;
}

/** The cookies of a request. */
export function readCookies(request: http.IncomingMessage): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name = '', ...value] = pair.trim().split('=');
    if (name !== '') cookies.set(name, value.join('='));
  }
  return cookies;
}

/** Escapes text for HTML, in attributes too. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Answers with an HTML page. */
export function sendHtml(
  response: http.ServerResponse,
  status: number,
  html: string,
  headers: Record<string, string | string[]> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers });
  response.end(html);
}

/** Answers with a redirect. */
export function redirect(
  response: http.ServerResponse,
  location: string,
  headers: Record<string, string | string[]> = {},
): void {
  response.writeHead(302, { location, ...headers });
  response.end();
}
