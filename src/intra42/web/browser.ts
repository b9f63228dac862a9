/** A small browser: cookies, redirects and forms. Knows nothing of what the pages mean. */
import { CookieJar } from 'tough-cookie';
import { HydraError, retryAfterMs, type AuthContext } from '../../index.js';
import { withoutQuery, type Page } from '../pages/page.js';
import type { WebGate } from './web-gate.js';

/** What a request carries. */
export interface BrowserRequest {
  /** Sent urlencoded, or as multipart where `multipart` says so. */
  readonly form?: Readonly<Record<string, string>>;
  readonly multipart?: boolean;
  readonly accept?: string;
}

/** Redirects that it follows. */
const MAX_REDIRECTS = 10;
const USER_AGENT = 'apihydra';

/** Asks for pages, one cookie jar for all. */
export class Browser {
  readonly #context: AuthContext;
  readonly #gate: WebGate;
  #jar = new CookieJar();

  constructor(context: AuthContext, gate: WebGate) {
    this.#context = context;
    this.#gate = gate;
  }

  /** Forgets all cookies. */
  clearCookies(): void {
    this.#jar = new CookieJar();
  }

  /**
   * Asks for a page, redirects followed. With a form it is sent with POST.
   *
   * @throws HydraError `HYDRA_NETWORK` for what may pass: errors 500 to 599 and the network's own.
   */
  async open(url: string, request: BrowserRequest = {}): Promise<Page> {
    let target = new URL(url);
    let form = request.form;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await this.#send(
        target,
        { ...request, ...(form === undefined ? {} : { form }) },
        form !== undefined,
      );
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) {
        return { url: target.href, status: response.status, body: await response.text() };
      }
      target = nextHop(target, location);
      // All redirects of the website and the sign-in lead to pages: they are read.
      form = undefined;
    }
    throw new HydraError(
      'HYDRA_TOO_MANY_REDIRECTS',
      `Redirected more than ${MAX_REDIRECTS} times, last to ${withoutQuery(target.href)}.`,
      {
        url: withoutQuery(target.href),
      },
    );
  }

  async #send(url: URL, request: BrowserRequest, isPost: boolean): Promise<Response> {
    for (;;) {
      await this.#gate.pass(this.#context.signal);
      const response = await this.#fetch(url, request, isPost);
      for (const cookie of response.headers.getSetCookie()) {
        await this.#jar.setCookie(cookie, url.href, { ignoreError: true });
      }
      if (response.status === 429) {
        const header = response.headers.get('retry-after') ?? undefined;
        this.#gate.onRefusal(retryAfterMs(header, this.#context.wallNow()));
        continue;
      }
      if (response.status >= 500) {
        throw new HydraError(
          'HYDRA_NETWORK',
          `${withoutQuery(url.href)} answered with status ${response.status}.`,
          {
            url: withoutQuery(url.href),
            status: response.status,
          },
        );
      }
      return response;
    }
  }

  async #fetch(url: URL, request: BrowserRequest, isPost: boolean): Promise<Response> {
    const headers: Record<string, string> = {
      'user-agent': USER_AGENT,
      accept: request.accept ?? 'text/html,application/xhtml+xml',
    };
    const cookies = await this.#jar.getCookieString(url.href);
    if (cookies !== '') headers['cookie'] = cookies;
    const init: RequestInit = { headers, redirect: 'manual', signal: this.#context.signal };
    try {
      if (!isPost) return await this.#context.fetch(url.href, init);
      return await this.#context.fetch(url.href, {
        ...init,
        method: 'POST',
        body: formBody(request, headers),
      });
    } catch (cause) {
      if (cause instanceof HydraError) throw cause;
      const { code } = (cause as { cause?: { code?: string } }).cause ?? {};
      throw new HydraError(
        'HYDRA_NETWORK',
        `${withoutQuery(url.href)} could not be reached (${code ?? (cause as Error).message}).`,
        { url: withoutQuery(url.href) },
      );
    }
  }
}

function formBody(request: BrowserRequest, headers: Record<string, string>): string | Buffer {
  const form = request.form ?? {};
  if (request.multipart !== true) {
    headers['content-type'] = 'application/x-www-form-urlencoded';
    return new URLSearchParams(form).toString();
  }
  // The fields are our own and hold no line breaks, so a fixed boundary can not occur in them.
  const boundary = '----apihydra-form-boundary';
  headers['content-type'] = `multipart/form-data; boundary=${boundary}`;
  const parts = Object.entries(form).map(
    ([name, value]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return Buffer.from(`${parts.join('')}--${boundary}--\r\n`);
}

function nextHop(from: URL, location: string): URL {
  const to = new URL(location, from);
  const isDowngrade = from.protocol === 'https:' && to.protocol !== 'https:';
  if (!isDowngrade && /^https?:$/.test(to.protocol)) return to;
  throw new HydraError(
    'HYDRA_FOREIGN_ORIGIN',
    `Expected ${withoutQuery(from.href)} to redirect to an address as safe as its own, got ${to.origin}.`,
    { url: withoutQuery(from.href) },
  );
}
