/** The website (profile): sessions, and the pages on which applications are made. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.js';
import type { Account } from './account.js';
import { appPage, formPage, listPage, plainPage } from './app-pages.js';
import type { AppRegistry, RegisteredApp } from './app-registry.js';
import { readCookies, readForm, redirect, sendHtml } from './http-server.js';
import type { Intra42Settings } from './intra42-options.js';
import { createLimiter, type Limiter } from './limiter.js';

const SIGN_IN = '/users/auth/keycloak_student';
const CALLBACK = `${SIGN_IN}/callback`;
const SESSION_COOKIE = '_intra_42_session_production';

/** What a page shows as the hour's limit where there is none. */
const NO_HOURLY_LIMIT = 1_000_000;

interface Session {
  readonly state: string;
  signedIn: boolean;
  readonly csrfToken: string;
}

/** What the website needs. */
export interface WebsiteParts {
  readonly settings: Intra42Settings;
  readonly registry: AppRegistry;
  readonly account: Account;
  readonly clock: Clock;
  readonly origin: () => string;
  readonly signInOrigin: () => string;
  readonly redeem: (code: string) => boolean;
}

/** The website's pages. */
export class WebsiteServer {
  readonly #parts: WebsiteParts;
  readonly #sessions = new Map<string, Session>();
  readonly #limiter: Limiter | undefined;
  #createAnswersToLose = 0;

  constructor(parts: WebsiteParts) {
    this.#parts = parts;
    const { webPagesPerSecond } = parts.settings;
    if (webPagesPerSecond !== undefined) {
      const requests = Math.max(1, Math.round(webPagesPerSecond));
      this.#limiter = createLimiter(
        'sliding-window',
        requests,
        (requests / webPagesPerSecond) * 1000,
      );
    }
  }

  get callbackUrl(): string {
    return this.#parts.origin() + CALLBACK;
  }

  dropSessions(): void {
    this.#sessions.clear();
  }

  /** The next so many apps are made, but the answers are lost on the way. */
  loseCreateAnswers(howMany: number): void {
    this.#createAnswersToLose = howMany;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.#parts.origin());
    const session = this.#sessions.get(readCookies(request).get(SESSION_COOKIE) ?? '');
    if (url.pathname === SIGN_IN) return this.#startSignIn(response);
    if (url.pathname === CALLBACK) return this.#finishSignIn(url, session, response);
    this.#parts.account.pageRequests += 1;
    if (!this.#admit(response)) return;
    if (session?.signedIn !== true) return this.#turnAway(request, response);
    if (url.pathname === '/')
      return this.#html(response, url.pathname, 200, plainPage('Profile', session.csrfToken));
    const id = /^\/oauth\/applications\/(\d+)$/.exec(url.pathname)?.[1];
    if (id !== undefined) return this.#application(id, session, request, response);
    if (url.pathname === '/oauth/applications')
      return this.#applications(session, request, response);
    this.#html(response, url.pathname, 404, plainPage('Page not found', session.csrfToken));
  }

  #startSignIn(response: ServerResponse): void {
    const id = this.#openSession(false);
    const target = new URL(
      '/auth/realms/students-42/protocol/openid-connect/auth',
      this.#parts.signInOrigin(),
    );
    target.searchParams.set('client_id', 'intra');
    target.searchParams.set('redirect_uri', this.callbackUrl);
    target.searchParams.set('response_type', 'code');
    target.searchParams.set('state', this.#sessions.get(id)?.state ?? '');
    redirect(response, target.href, { 'set-cookie': cookie(id) });
  }

  #finishSignIn(url: URL, session: Session | undefined, response: ServerResponse): void {
    const { redeem, account } = this.#parts;
    const code = url.searchParams.get('code');
    if (code === null && session?.signedIn === true) return redirect(response, '/');
    const isRight =
      session !== undefined &&
      code !== null &&
      url.searchParams.get('state') === session.state &&
      redeem(code);
    if (!isRight) {
      return this.#html(
        response,
        CALLBACK,
        200,
        '<html><body><a id="reset-password" href="/">Reset password</a></body></html>',
      );
    }
    account.signIns += 1;
    const id = this.#openSession(true);
    redirect(response, '/', { 'set-cookie': [cookie(id), 'user.id=MTIzNDU%3D; Path=/'] });
  }

  #openSession(signedIn: boolean): string {
    const { registry } = this.#parts;
    const id = registry.randomHex(32);
    const csrfToken = `${Buffer.from(registry.randomHex(128), 'hex').toString('base64').slice(0, 86)}==`;
    this.#sessions.set(id, { state: registry.randomHex(48), signedIn, csrfToken });
    return id;
  }

  /** An expired session gets no 401 on HTML pages, but a redirect to the sign-in. */
  #turnAway(request: IncomingMessage, response: ServerResponse): void {
    if (request.headers.accept?.startsWith('application/json')) {
      response
        .writeHead(401, { 'content-type': 'application/json' })
        .end('{"error":"You need to sign in"}');
    } else redirect(response, this.#parts.origin() + SIGN_IN);
  }

  #admit(response: ServerResponse): boolean {
    const now = this.#parts.clock.now();
    if (this.#limiter === undefined) return true;
    if (this.#limiter.freeInMs(now) === 0) {
      this.#limiter.admit(now);
      return true;
    }
    const headers = this.#parts.settings.webRetryAfter ? { 'retry-after': '1' } : {};
    sendHtml(response, 429, '<html><body>Too Many Requests</body></html>', headers);
    return false;
  }

  async #applications(
    session: Session,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (request.method === 'POST') return this.#create(session, request, response);
    const ids = this.#parts.registry.list().map((app) => app.id);
    this.#html(response, '/oauth/applications', 200, listPage(ids, session.csrfToken));
  }

  async #create(
    session: Session,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { registry } = this.#parts;
    const form = await readForm(request);
    if (form.get('authenticity_token') !== session.csrfToken) return this.#forbidden(response);
    const name = form.get('doorkeeper_application[name]') ?? '';
    const redirectUri = form.get('doorkeeper_application[redirect_uri]') ?? '';
    const problem = this.#problemWith(name, redirectUri);
    const wantsHtml = request.headers.accept?.startsWith('text/html') === true;
    if (problem !== undefined) {
      if (wantsHtml)
        return this.#html(
          response,
          '/oauth/applications',
          422,
          formPage(problem, session.csrfToken),
        );
      response
        .writeHead(422, { 'content-type': 'application/json' })
        .end(JSON.stringify({ errors: [problem] }));
      return;
    }
    const app = registry.create(name, redirectUri);
    if (this.#createAnswersToLose > 0) {
      this.#createAnswersToLose -= 1;
      response.destroy();
    } else if (wantsHtml) redirect(response, `/oauth/applications/${app.id}`);
    else {
      const answer = { id: Number(app.id), name, redirect_uri: redirectUri, scopes: '' };
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    }
  }

  #problemWith(name: string, redirectUri: string): string | undefined {
    const { registry, settings } = this.#parts;
    if (name === '') return "Name can't be blank";
    if (settings.rejectedAppNames.includes(name)) return 'Name is not allowed';
    if (redirectUri === '') return "Redirect URI can't be blank";
    if (registry.size >= settings.maxApps) return 'You have too many applications';
    return undefined;
  }

  async #application(
    id: string,
    session: Session,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { registry } = this.#parts;
    const path = `/oauth/applications/${id}`;
    const app = registry.get(id);
    if (app === undefined)
      return this.#html(response, path, 404, plainPage('Page not found', session.csrfToken));
    if (request.method !== 'POST') {
      return this.#html(response, path, 200, appPage(app, this.#facts(app), session.csrfToken));
    }
    const form = await readForm(request);
    if (form.get('authenticity_token') !== session.csrfToken) return this.#forbidden(response);
    if (form.get('_method') !== 'delete') {
      return this.#html(response, path, 404, plainPage('Page not found', session.csrfToken));
    }
    registry.delete(id);
    redirect(response, '/oauth/applications');
  }

  #facts(app: RegisteredApp): Parameters<typeof appPage>[1] {
    const { clock, registry } = this.#parts;
    const hour = app.limiters.find((limiter) => limiter.perMs === 3_600_000);
    const shortest = app.limiters.reduce((a, b) => (b.perMs < a.perMs ? b : a));
    return {
      requestsLastHour: hour === undefined ? 0 : hour.requests - hour.remaining(clock.now()),
      maxPerHour: hour?.requests ?? NO_HOURLY_LIMIT,
      maxPerSecond: Math.max(1, Math.floor((shortest.requests / shortest.perMs) * 1000)),
      activeTokens: registry.activeTokens(app),
      secretValidUntilMs: registry.secretValidUntil(),
    };
  }

  #forbidden(response: ServerResponse): void {
    this.#html(
      response,
      '/oauth/applications',
      422,
      plainPage('The change you wanted was rejected', ''),
    );
  }

  #html(response: ServerResponse, path: string, status: number, html: string): void {
    sendHtml(response, status, this.#parts.settings.alterPage?.(path, html) ?? html);
  }
}

function cookie(id: string): string {
  return `${SESSION_COOKIE}=${id}; Path=/; HttpOnly`;
}
