import { Agent } from 'undici';
import { CONCURRENCY } from '../../shared/load.mjs';
import { concurrently, headers, sender } from './sending.mjs';

export const undiciRequest = {
  name: 'undici.request',
  words:
    '100 loops of `undici.request` and `body.text()`. No limits, no retries: the measure of all.',
  create({ origin }) {
    const send = sender(origin);
    return (count) => concurrently(count, send);
  },
};

export const undiciDispatch = {
  name: 'undici dispatch',
  words: 'A handler of its own for each request, which gathers the body as text.',
  create({ origin }) {
    const dispatcher = new Agent({ connections: CONCURRENCY });
    return (count) => dispatchAll(dispatcher, origin, count);
  },
};

/** Sends the next request whenever one has ended. */
function dispatchAll(dispatcher, origin, count) {
  return new Promise((resolve, reject) => {
    let next = 0;
    let open = count;
    const send = () => {
      if (next >= count) return;
      const options = { origin, path: `/users/${next++}`, method: 'GET', headers };
      dispatcher.dispatch(options, new TextHandler(onEnd, reject));
    };
    const onEnd = () => {
      if (--open === 0) resolve();
      else send();
    };
    for (let i = 0; i < Math.min(CONCURRENCY, count); i++) send();
  });
}

class TextHandler {
  #chunks = [];
  #onEnd;
  #onError;

  constructor(onEnd, onError) {
    this.#onEnd = onEnd;
    this.#onError = onError;
  }

  onRequestStart() {}

  onResponseStart() {}

  onResponseData(_, chunk) {
    this.#chunks.push(chunk);
  }

  onResponseEnd() {
    this.text = Buffer.concat(this.#chunks).toString();
    this.#onEnd();
  }

  onResponseError(_, error) {
    this.#onError(error);
  }
}
