import type { Dispatcher } from 'undici';

type Handler = Dispatcher.DispatchHandler;
type Controller = Dispatcher.DispatchController;
type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * A handler as undici 7 has it, for one that may be older: that of Node 20's own fetch is. Undici's own
 * adapter hands several headers of one name over in a way that those do not know.
 */
export function currentHandler(handler: Handler): Handler {
  return handler.onRequestStart === undefined ? new OlderHandler(handler) : handler;
}

/** Tells an older handler what it wants to know, in its way. */
class OlderHandler implements Handler {
  readonly #handler: Handler;

  constructor(handler: Handler) {
    this.#handler = handler;
  }

  onRequestStart(controller: Controller): void {
    this.#handler.onConnect?.((reason) => controller.abort(reason as Error));
  }

  onResponseStart(controller: Controller, status: number, headers: Headers, text?: string): void {
    const resume = (): void => controller.resume();
    const goOn = this.#handler.onHeaders?.(status, rawPairs(headers), resume, text ?? '');
    if (goOn === false) controller.pause();
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#handler.onData?.(chunk) === false) controller.pause();
  }

  onResponseEnd(_controller: Controller, trailers: Headers): void {
    this.#handler.onComplete?.(rawPairs(trailers) as never);
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#handler.onError?.(error);
  }
}

/** Names and values in turn; a name with several values comes several times. */
export function rawPairs(headers: Headers): Buffer[] {
  const pairs: Buffer[] = [];
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (typeof value === 'string') pairs.push(latin1(name), latin1(value));
    else for (const one of value ?? []) pairs.push(latin1(name), latin1(one));
  }
  return pairs;
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
