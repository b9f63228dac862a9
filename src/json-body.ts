/** What is JSON: asked by the engine, by responses, and by threads that look before the engine does. */

const strictDecoder = new TextDecoder('utf-8', { fatal: true });

/** True for headers that declare a body to be JSON. */
export function saysJson(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): boolean {
  return /\bjson\b/i.test(String(headers['content-type'] ?? ''));
}

/** True for JSON in UTF-8. */
export function isJson(body: Uint8Array): boolean {
  if (body.byteLength === 0) return false;
  try {
    JSON.parse(strictDecoder.decode(body));
    return true;
  } catch {
    return false;
  }
}
