/** What reading pages needs of the hydra. */
import type { Api } from '../api.js';
import type { Logger } from '../logger.js';
import type { RequestMethod, RequestOptions } from '../request/request.js';
import type { HydraResponse } from '../request/response.js';

/** A page that was asked for. */
export interface AskedPage {
  readonly response: PromiseLike<HydraResponse>;
  /** Lets go of it: what is under way is broken off. */
  withdraw(): void;
}

/** Asks for pages. Their answers are kept by nobody. */
export interface PageHost {
  readonly api: Api;
  readonly logger: Logger;
  /** Requests a second that all apps may send together. */
  allowedRate(): number;
  /** @throws HydraError as `get()` does. */
  ask(index: number, method: RequestMethod, url: string, options: RequestOptions): AskedPage;
}
