/** The sign-in (Keycloak): section 1 of what is known of the 42 Intra. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Secret, TOTP } from 'otpauth';
import type { Clock } from '../clock.js';
import type { AppRegistry } from './app-registry.js';
import { escapeHtml, readCookies, readForm, redirect, sendHtml } from './http-server.js';
import type { Intra42Settings } from './intra42-options.js';

const REALM = '/auth/realms/students-42';
const AUTHORIZE = `${REALM}/protocol/openid-connect/auth`;
const AUTHENTICATE = `${REALM}/login-actions/authenticate`;

interface PendingSignIn {
  readonly redirectUri: string;
  readonly state: string;
  readonly tabId: string;
  sessionCode: string;
  execution: string;
  passwordAccepted: boolean;
}

/** What the sign-in needs. */
export interface SignInParts {
  readonly settings: Intra42Settings;
  readonly registry: AppRegistry;
  readonly clock: Clock;
  readonly origin: () => string;
  readonly callbackUrl: () => string;
}

/** The sign-in's pages. */
export class SignInServer {
  readonly #parts: SignInParts;
  readonly #pending = new Map<string, PendingSignIn>();
  readonly #codes = new Set<string>();

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /** Takes a code that was handed out; each is good once. */
  redeem(code: string): boolean {
    return this.#codes.delete(code);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.#parts.origin());
    if (request.method === 'GET' && url.pathname === AUTHORIZE) this.#begin(url, response);
    else if (request.method === 'POST' && url.pathname === AUTHENTICATE) {
      await this.#authenticate(url, request, response);
    } else sendHtml(response, 404, this.#page(url.pathname, '<p>Page not found</p>'));
  }

  #begin(url: URL, response: ServerResponse): void {
    const query = url.searchParams;
    const redirectUri = query.get('redirect_uri') ?? '';
    const isRight =
      query.get('client_id') === 'intra' &&
      query.get('response_type') === 'code' &&
      redirectUri === this.#parts.callbackUrl() &&
      /^[0-9a-f]{48}$/.test(query.get('state') ?? '');
    if (!isRight) {
      sendHtml(
        response,
        400,
        this.#page(url.pathname, '<p id="kc-error-message">Invalid request</p>'),
      );
      return;
    }
    const { registry } = this.#parts;
    const session = registry.randomHex(36);
    const pending: PendingSignIn = {
      redirectUri,
      state: query.get('state') ?? '',
      tabId: registry.randomHex(11),
      sessionCode: registry.randomHex(43),
      execution: registry.randomHex(32),
      passwordAccepted: false,
    };
    this.#pending.set(session, pending);
    sendHtml(response, 200, this.#loginPage(pending), {
      'set-cookie': [
        `AUTH_SESSION_ID=${session}; Path=${REALM}/; HttpOnly`,
        `AUTH_SESSION_ID_LEGACY=${session}; Path=${REALM}/; HttpOnly`,
        `KC_RESTART=${registry.randomHex(40)}; Path=${REALM}/; HttpOnly`,
      ],
    });
  }

  async #authenticate(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const session = readCookies(request).get('AUTH_SESSION_ID') ?? '';
    const pending = this.#pending.get(session);
    const query = url.searchParams;
    const isCurrent =
      pending !== undefined &&
      query.get('session_code') === pending.sessionCode &&
      query.get('execution') === pending.execution &&
      query.get('client_id') === 'intra' &&
      query.get('tab_id') === pending.tabId;
    if (!isCurrent) {
      sendHtml(
        response,
        400,
        this.#page(url.pathname, '<p id="kc-error-message">Your sign-in has expired</p>'),
      );
      return;
    }
    const form = await readForm(request);
    pending.sessionCode = this.#parts.registry.randomHex(43);
    pending.execution = this.#parts.registry.randomHex(32);
    if (pending.passwordAccepted) this.#checkCode(pending, session, form, response);
    else this.#checkPassword(pending, session, form, response);
  }

  #checkPassword(
    pending: PendingSignIn,
    session: string,
    form: URLSearchParams,
    response: ServerResponse,
  ): void {
    const { login, password, otpSecret } = this.#parts.settings;
    if (form.get('username') !== login || form.get('password') !== password) {
      sendHtml(response, 200, this.#loginPage(pending, 'Invalid username or password.'));
    } else if (otpSecret === undefined) {
      this.#succeed(pending, session, response);
    } else {
      pending.passwordAccepted = true;
      sendHtml(response, 200, this.#otpPage(pending));
    }
  }

  #checkCode(
    pending: PendingSignIn,
    session: string,
    form: URLSearchParams,
    response: ServerResponse,
  ): void {
    const totp = new TOTP({ secret: Secret.fromBase32(this.#parts.settings.otpSecret ?? '') });
    const token = form.get('otp') ?? '';
    const timestamp = this.#parts.clock.wallNow();
    if (/^\d{6}$/.test(token) && totp.validate({ token, timestamp, window: 1 }) !== null) {
      this.#succeed(pending, session, response);
    } else {
      sendHtml(response, 200, this.#otpPage(pending, 'Invalid authenticator code.'));
    }
  }

  #succeed(pending: PendingSignIn, session: string, response: ServerResponse): void {
    this.#pending.delete(session);
    const code = this.#parts.registry.randomHex(40);
    this.#codes.add(code);
    const location = new URL(pending.redirectUri);
    location.searchParams.set('state', pending.state);
    location.searchParams.set('code', code);
    redirect(response, location.href);
  }

  #loginPage(pending: PendingSignIn, error?: string): string {
    return this.#page(
      AUTHORIZE,
      `<form id="kc-form-login" method="post" action="${this.#action(pending)}">
${message(error)}<input name="username" type="text"><input name="password" type="password">
<input type="hidden" name="credentialId"><button name="login" type="submit">Sign In</button></form>`,
    );
  }

  #otpPage(pending: PendingSignIn, error?: string): string {
    return this.#page(
      AUTHENTICATE,
      `<form id="kc-otp-login-form" method="post" action="${this.#action(pending)}">
<input type="hidden" name="selectedCredentialId" value="device-1">
${message(error)}<input name="otp" type="text"><button name="login" type="submit">Sign In</button></form>`,
    );
  }

  #action(pending: PendingSignIn): string {
    const url = new URL(AUTHENTICATE, this.#parts.origin());
    url.searchParams.set('session_code', pending.sessionCode);
    url.searchParams.set('execution', pending.execution);
    url.searchParams.set('client_id', 'intra');
    url.searchParams.set('tab_id', pending.tabId);
    return escapeHtml(url.href);
  }

  #page(path: string, body: string): string {
    const html = `<!DOCTYPE html><html><head><title>Sign in to students-42</title></head><body>${body}</body></html>`;
    return this.#parts.settings.alterPage?.(path, html) ?? html;
  }
}

function message(error: string | undefined): string {
  return error === undefined ? '' : `<span id="input-error">${escapeHtml(error)}</span>\n`;
}
