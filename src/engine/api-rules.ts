/** Asks the functions that an API gave for its limits. One that throws must not end the hydra. */
import type { Api } from '../api.js';
import type { Clock } from '../clock.js';
import type { Job } from './job.js';
import { describeValue } from '../errors.js';
import { FeedbackReader } from '../limits/feedback-reader.js';
import type { AnswerFacts, LimitRules, RequestFacts } from '../limits/limit-rules.js';
import type { ToldHeaders, ToldWindow } from '../limits/told-window.js';
import type { Logger } from '../logger.js';
import type { Amounts } from '../scheduling/app-costs.js';
import type { TransportResult } from '../transport/transport.js';

type Response = Extract<TransportResult, { kind: 'response' }>;

/** What the rules are asked with. */
export interface ApiRulesParts {
  readonly api: Api;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The rules of an API for its limits. */
export class ApiRules {
  readonly #parts: ApiRulesParts;
  readonly #reader = new FeedbackReader();
  readonly #wallNow = (): number => this.#parts.clock.wallNow();
  readonly #hasFailed = new Set<keyof LimitRules>();

  constructor(parts: ApiRulesParts) {
    this.#parts = parts;
  }

  /** The scope of a request that has limits of its own; `undefined`: it has none. */
  scopeOf(job: Job): string | undefined {
    const { scope, scopeLimits, baseUrl } = this.#parts.api;
    if (scope === undefined || scopeLimits === undefined) return undefined;
    const name = this.#ask('scope', () => scope(requestFacts(job, baseUrl)));
    return name !== undefined && Object.hasOwn(scopeLimits, name) ? name : undefined;
  }

  /** What a request is expected to cost; nothing where the API does not tell. */
  costOf(job: Job): Amounts {
    const { cost, baseUrl } = this.#parts.api;
    if (cost === undefined) return {};
    return this.#ask('cost', () => cost(requestFacts(job, baseUrl))) ?? {};
  }

  /**
   * What a request has cost, where its answer tells.
   *
   * @param body - `undefined` as long as it is still to come.
   */
  actualCost({ status, headers }: Response, body: Uint8Array | undefined): Amounts | undefined {
    const { actualCost } = this.#parts.api;
    const json = (): unknown => body && parsed(body);
    return actualCost && this.#ask('actualCost', () => actualCost({ status, headers, json }));
  }

  /**
   * The windows that an answer tells of.
   *
   * @param scope - of its request, where that has limits of its own.
   */
  toldWindows(headers: ToldHeaders, scope?: string): readonly ToldWindow[] {
    const usual = this.#reader.read(headers, this.#wallNow);
    const { readLimits } = this.#parts.api;
    if (readLimits === undefined) return usual;
    const own = this.#ask('readLimits', () => readLimits(headers, this.#wallNow, scope)) ?? [];
    return [...usual.filter(({ name }) => own.every((window) => window.name !== name)), ...own];
  }

  /** True for an answer that the API says is a refusal, whatever its status. */
  isRefusal(answer: AnswerFacts): boolean {
    const { isRefusal } = this.#parts.api;
    if (isRefusal === undefined || answer.status < 400) return false;
    return this.#ask('isRefusal', () => isRefusal(answer)) ?? false;
  }

  /** How long it is until everything of which an answer tells that nothing is left begins anew. */
  toldResetMs(headers: ToldHeaders): number | undefined {
    const resets = this.toldWindows(headers)
      .filter(({ remaining }) => remaining === 0)
      .flatMap(({ resetMs }) => resetMs ?? []);
    return resets.length === 0 ? undefined : Math.max(...resets);
  }

  #ask<Answer>(name: keyof LimitRules, ask: () => Answer): Answer | undefined {
    try {
      return ask();
    } catch (error) {
      if (this.#hasFailed.has(name)) return undefined;
      this.#hasFailed.add(name);
      const what = error instanceof Error ? error.message : describeValue(error);
      this.#parts.logger.error(
        `\`${name}\` of the API ${this.#parts.api.name} threw: ${what}. It is taken as if it had said nothing; this is told once`,
      );
      return undefined;
    }
  }
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

function requestFacts(job: Job, baseUrl: string): RequestFacts {
  const { currentMethod: method, currentUrl: url, body } = job;
  return { method, path: pathBehind(baseUrl, url), body };
}

function pathBehind(baseUrl: string, url: string): string {
  if (url.startsWith(baseUrl) && /^[/?]|^$/.test(url.slice(baseUrl.length))) {
    const path = url.slice(baseUrl.length);
    return path.startsWith('/') ? path : `/${path}`;
  }
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}
