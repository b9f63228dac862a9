/** The API: section 3 of what is known of the 42 Intra. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Clock } from '../clock.js';
import type { Random } from '../random.js';
import type { Account } from './account.js';
import { readApi, type ApiAnswer } from './api-data.js';
import type { AppRegistry, IssuedToken, RegisteredApp } from './app-registry.js';
import { drawFault, type FaultKind } from './faults.js';
import { Feedbacks } from './feedbacks.js';
import { readBody } from './http-server.js';
import type { Intra42Faults, Intra42Latency, Intra42Settings } from './intra42-options.js';
import { answerTokenInfo, answerTokenRequest } from './token-endpoint.js';
import type { Users } from './users.js';

/** What the API needs. */
export interface ApiServerParts {
  readonly settings: Intra42Settings;
  readonly registry: AppRegistry;
  readonly account: Account;
  readonly clock: Clock;
  readonly random: Random;
  readonly users: () => Users;
}

const HTML_BODY = '<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>';

/** The API's answers. */
export class ApiServer {
  readonly #parts: ApiServerParts;
  readonly #feedbacks = new Feedbacks();
  readonly #waiting = new Set<() => void>();
  faults: Intra42Faults;
  latency: Intra42Latency;

  constructor(parts: ApiServerParts) {
    this.#parts = parts;
    this.faults = parts.settings.faults;
    this.latency = parts.settings.latency;
  }

  /** Ends what still waits. */
  close(): void {
    for (const goOn of this.#waiting) goOn();
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { account } = this.#parts;
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
    if (url.pathname === '/oauth/token' && request.method === 'POST') {
      account.tokenRequests += 1;
      return answerTokenRequest(this.#parts, request, response);
    }
    account.noteStart();
    try {
      const { beforeMs = 0, jitterMs = 0 } = this.latency;
      await this.#wait(beforeMs + jitterMs * this.#parts.random());
      await this.#answer(url, request, response);
    } finally {
      account.noteEnd();
    }
  }

  async #answer(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { settings, account, clock } = this.#parts;
    const target = `${request.method} ${request.url}`;
    if (settings.requireUserAgent && !request.headers['user-agent']) {
      response.writeHead(403).end();
      return;
    }
    const token = this.#tokenOf(request, response);
    if (token === undefined) {
      account.noteAnswer('401', target);
      return;
    }
    if (url.pathname === '/oauth/token/info') return answerTokenInfo(token, clock, response);
    if (!this.#admit(token.app, response)) {
      account.noteAnswer('429', target);
      return;
    }
    await this.#wait(this.latency.workMs ?? 0);
    const fault = drawFault(this.faults, this.#parts.random);
    if (fault === undefined)
      account.noteAnswer(String(await this.#send(url, request, response)), target);
    else await this.#goWrong(fault, url, response, target);
  }

  #tokenOf(request: IncomingMessage, response: ServerResponse): IssuedToken | undefined {
    const value = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const token = this.#parts.registry.token(value);
    if (token !== undefined && token.expiresAtMs > this.#parts.clock.wallNow()) return token;
    const isExpired = token !== undefined;
    const message = isExpired ? 'The access token expired' : 'The access token is invalid';
    const body = isExpired ? { message } : { status: 401, error: message };
    response.writeHead(401, {
      'content-type': 'application/json; charset=utf-8',
      'www-authenticate': `Bearer realm="42 API", error="invalid_token", error_description="${message}"`,
    });
    response.end(JSON.stringify(body));
    return undefined;
  }

  #admit(app: RegisteredApp, response: ServerResponse): boolean {
    const { settings, account, clock } = this.#parts;
    const now = clock.now();
    const freeInMs = Math.max(...app.limiters.map((limiter) => limiter.freeInMs(now)));
    account.noteArrival(now, app.id, freeInMs === 0);
    if (freeInMs === 0) for (const limiter of app.limiters) limiter.admit(now);
    for (const limiter of app.limiters)
      this.#showLimit(limiter.perMs, limiter.requests, limiter.remaining(now), response);
    response.setHeader('x-application-id', app.id);
    response.setHeader('x-application-name', app.name);
    response.setHeader('x-application-roles', 'None');
    if (freeInMs === 0) {
      app.totalRequests += 1;
      return true;
    }
    if (settings.retryAfter) response.setHeader('retry-after', String(Math.ceil(freeInMs / 1000)));
    response.writeHead(429, { 'content-type': 'text/plain' });
    response.end('429 Too Many Requests (Spam Rate Limit Exceeded)');
    return false;
  }

  #showLimit(perMs: number, limit: number, remaining: number, response: ServerResponse): void {
    const window = perMs === 1000 ? 'secondly' : perMs === 3_600_000 ? 'hourly' : undefined;
    if (window === undefined) return;
    response.setHeader(`x-${window}-ratelimit-limit`, String(limit));
    response.setHeader(`x-${window}-ratelimit-remaining`, String(Math.max(0, remaining)));
  }

  /** Sends the right answer; returns its status. */
  async #send(url: URL, request: IncomingMessage, response: ServerResponse): Promise<number> {
    const { settings, random } = this.#parts;
    const answer = await this.#find(url, request);
    response.setHeader('x-request-id', Math.floor(random() * 2 ** 32).toString(16));
    response.setHeader('x-runtime', ((this.latency.workMs ?? 0) / 1000).toFixed(6));
    if (answer === undefined) {
      const isJson = settings.notFoundBody === 'json';
      response.writeHead(404, {
        'content-type': isJson ? 'application/json; charset=utf-8' : 'text/html',
      });
      response.end(isJson ? '{}' : HTML_BODY);
      return 404;
    }
    const body = Buffer.from(JSON.stringify(answer.body));
    const etag = `W/"${createHash('sha1').update(body).digest('hex').slice(0, 32)}"`;
    if (
      request.method === 'GET' &&
      answer.status === 200 &&
      request.headers['if-none-match'] === etag
    ) {
      response.writeHead(304, { etag }).end();
      return 304;
    }
    const headers = { 'content-type': 'application/json; charset=utf-8', etag, ...answer.headers };
    const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    if (settings.compress && takesGzip) {
      const compressed = gzipSync(body, { level: 1 });
      response.writeHead(answer.status, {
        ...headers,
        'content-encoding': 'gzip',
        'content-length': compressed.byteLength,
      });
      response.end(compressed);
    } else {
      response.writeHead(answer.status, { ...headers, 'content-length': body.byteLength });
      response.end(body);
    }
    return answer.status;
  }

  async #find(url: URL, request: IncomingMessage): Promise<ApiAnswer | undefined> {
    if (!url.pathname.startsWith('/v2/')) return undefined;
    if (url.pathname.startsWith('/v2/feedbacks')) {
      return this.#feedbacks.answer(request.method ?? 'GET', url.pathname, await readBody(request));
    }
    return request.method === 'GET' ? readApi(this.#parts.users(), url) : undefined;
  }

  async #goWrong(
    fault: FaultKind,
    url: URL,
    response: ServerResponse,
    target: string,
  ): Promise<void> {
    const { account, settings } = this.#parts;
    switch (fault) {
      case 'status500':
      case 'status502':
      case 'status504': {
        const status = Number(fault.slice('status'.length));
        account.noteAnswer(String(status), target);
        response.writeHead(status, { 'content-type': 'text/html' }).end(HTML_BODY);
        return;
      }
      case 'html200':
        account.noteAnswer('html200', target);
        response.writeHead(200, { 'content-type': 'text/html' }).end(HTML_BODY);
        return;
      case 'reset':
        account.noteAnswer('reset', target);
        response.socket?.resetAndDestroy();
        return;
      case 'truncated': {
        account.noteAnswer('truncated', target);
        const body = Buffer.from(JSON.stringify(readApi(this.#parts.users(), url)?.body ?? {}));
        response.writeHead(200, {
          'content-type': 'application/json',
          'content-length': body.byteLength + 1,
        });
        response.write(body.subarray(0, body.byteLength >> 1), () => response.socket?.destroy());
        return;
      }
      case 'stall':
        account.noteAnswer('stall', target);
        await this.#wait(settings.stallMs);
        response.destroy();
    }
  }

  #wait(delayMs: number): Promise<void> {
    if (delayMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const goOn = (): void => {
        timer.cancel();
        this.#waiting.delete(goOn);
        resolve();
      };
      const timer = this.#parts.clock.setTimer(goOn, delayMs);
      this.#waiting.add(goOn);
    });
  }
}
