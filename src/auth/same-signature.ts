import type { RequestSignature } from '../api.js';

/**
 * Signs with the same headers each time for the same credential or token. They are frozen: that tells
 * who sends them that what was made of them once is still good.
 */
export function sameSignature<K extends object>(
  headersOf: (key: K) => Readonly<Record<string, string>>,
): (key: K) => RequestSignature {
  const signatures = new WeakMap<K, RequestSignature>();
  return (key) => {
    let signature = signatures.get(key);
    if (signature === undefined) {
      signature = { headers: Object.freeze(headersOf(key)) };
      signatures.set(key, signature);
    }
    return signature;
  };
}
