/** A small browser: cookies, redirects and forms. Knows nothing of what the pages mean. */
import { CookieJar } from 'tough-cookie';
import { HydraError, retryAfterMs, type AuthContext } from '../../index.js';
import { notUnderstood, withoutQuery, type Page } from '../pages/page.js';
import { formBody, type FormFields } from './form-body.js';
import { abortedByCaller } from './until-aborted.js';
import type { WebGate } from './web-gate.js';

/** What a request carries. */
export interface BrowserRequest {
  /** Sent with POST: urlencoded, or as multipart where `multipart` says so. */
  readonly form?: FormFields;
  readonly multipart?: boolean;
  readonly accept?: string;
  /** The only origins that redirects may lead to. Any that is as safe, when left out. */
  readonly within?: ReadonlySet<string>;
  /** The caller's. */
  readonly signal?: AbortSignal | undefined;
}

/** Redirects that it follows. */
const MAX_REDIRECTS = 10;
const USER_AGENT = 'apihydra';

/** Asks for pages, with a cookie jar of its own. */
export class Browser {
  readonly #context: AuthContext;
  readonly #gate: WebGate;
  readonly #jar = new CookieJar();
  readonly #origins = new Set<string>();

  constructor(context: AuthContext, gate: WebGate) {
    this.#context = context;
    this.#gate = gate;
  }

  /** Every origin that it has asked so far. */
  get origins(): ReadonlySet<string> {
    return this.#origins;
  }

  /**
   * Asks for a page, redirects followed. With a form it is sent with POST.
   *
   * @throws HydraError `HYDRA_NETWORK` or `HYDRA_TIMEOUT` for what may pass: errors 500 to 599 and
   * the network's own; `HYDRA_FOREIGN_ORIGIN`, `HYDRA_TOO_MANY_REDIRECTS`, `HYDRA_ABORTED`.
   */
  async open(url: string, request: BrowserRequest = {}): Promise<Page> {
    let target = new URL(url);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      // All redirects of the website and the sign-in lead to pages: they are read, not posted to.
      const response = await this.#send(target, request, redirects === 0);
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) {
        return { url: target.href, status: response.status, body: await response.text() };
      }
      target = nextHop(target, response.status, location, request.within);
    }
    const last = withoutQuery(target.href);
    throw new HydraError(
      'HYDRA_TOO_MANY_REDIRECTS',
      `Redirected more than ${MAX_REDIRECTS} times, last to ${last}.`,
      { url: last },
    );
  }

  /** Sends once, and again each time that it is refused (429), as late as that says. */
  async #send(url: URL, request: BrowserRequest, isFirst: boolean): Promise<Response> {
    for (;;) {
      const response = await this.#attempt(url, request, isFirst);
      for (const cookie of response.headers.getSetCookie()) {
        await this.#jar.setCookie(cookie, url.href, { ignoreError: true });
      }
      if (response.status < 500 && response.status !== 429) return response;
      if (response.status !== 429) {
        const shown = withoutQuery(url.href);
        const message = `${shown} answered with status ${response.status}.`;
        throw new HydraError('HYDRA_NETWORK', message, { url: shown, status: response.status });
      }
      const header = response.headers.get('retry-after') ?? undefined;
      this.#gate.onRefusal(retryAfterMs(header, this.#context.wallNow()));
    }
  }

  async #attempt(url: URL, request: BrowserRequest, isFirst: boolean): Promise<Response> {
    const { signal: own } = this.#context;
    const signal = request.signal === undefined ? own : AbortSignal.any([own, request.signal]);
    try {
      await this.#gate.pass(signal);
      this.#origins.add(url.origin);
      return await this.#context.fetch(url.href, await this.#init(url, request, isFirst, signal));
    } catch (cause) {
      if (request.signal?.aborted) throw abortedByCaller();
      if (cause instanceof HydraError) throw cause;
      const { code } = (cause as { cause?: { code?: string } }).cause ?? {};
      const shown = withoutQuery(url.href);
      const message = `${shown} could not be reached (${code ?? (cause as Error).message}).`;
      throw new HydraError('HYDRA_NETWORK', message, { url: shown });
    }
  }

  async #init(
    url: URL,
    request: BrowserRequest,
    isFirst: boolean,
    signal: AbortSignal,
  ): Promise<RequestInit> {
    const cookie = await this.#jar.getCookieString(url.href);
    const headers = {
      'user-agent': USER_AGENT,
      accept: request.accept ?? 'text/html,application/xhtml+xml',
      ...(cookie === '' ? {} : { cookie }),
    };
    const init: RequestInit = { headers, redirect: 'manual', signal };
    if (request.form === undefined || !isFirst) return init;
    const { contentType, body } = formBody(request.form, request.multipart === true);
    return { ...init, method: 'POST', headers: { ...headers, 'content-type': contentType }, body };
  }
}

function nextHop(
  from: URL,
  status: number,
  location: string,
  within: ReadonlySet<string> | undefined,
): URL {
  if (!URL.canParse(location, from.href)) {
    throw notUnderstood('an address to go on at', { url: from.href, status, body: '' });
  }
  const to = new URL(location, from);
  const isDowngrade = from.protocol === 'https:' && to.protocol !== 'https:';
  const isKnown = within === undefined || within.has(to.origin);
  if (!isDowngrade && isKnown && /^https?:$/.test(to.protocol)) return to;
  const expected = isKnown
    ? 'an address as safe as its own'
    : `one of ${[...(within ?? [])].join(', ')}`;
  throw new HydraError(
    'HYDRA_FOREIGN_ORIGIN',
    `Expected ${withoutQuery(from.href)} to redirect to ${expected}, got ${to.origin}.`,
    { url: withoutQuery(from.href) },
  );
}
