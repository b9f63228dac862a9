import type { RequestSignature } from '../api.js';

/**
 * Signs in the same way each time for the same credential or token. Headers are frozen: that tells
 * who sends them that what was made of them once is still good.
 */
export function sameSignature<K extends object>(
  signatureOf: (key: K) => RequestSignature,
): (key: K) => RequestSignature {
  const signatures = new WeakMap<K, RequestSignature>();
  return (key) => {
    let signature = signatures.get(key);
    if (signature === undefined) {
      signature = signatureOf(key);
      Object.freeze(signature.headers);
      signatures.set(key, signature);
    }
    return signature;
  };
}
