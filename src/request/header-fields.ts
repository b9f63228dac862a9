/** Which header fields may be sent. */
import { describeValue, HydraError } from '../errors.js';

/** Field names and values as RFC 9110, section 5.5, admits them, so that none can smuggle in another. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Headers that frame the message on its connection; the transport writes them. */
const FRAMING_HEADERS = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Checks the headers of a request, or those of all requests of an API.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`, which shows no value.
 */
export function checkHeaders(headers: object): void {
  // Lists, `Headers` and maps have no properties to read.
  if (typeof headers !== 'object' || headers === null || Symbol.iterator in headers) {
    const came = typeof headers === 'string' ? 'a string' : describeValue(headers);
    throw error(`Expected \`headers\` to be an object, got ${came}.`, 'headers');
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name)) {
      throw error(`Expected a header name, got ${describeValue(name)}.`, 'headers');
    }
    if (FRAMING_HEADERS.has(name.toLowerCase())) {
      throw error(`Expected no header \`${name}\`: the transport sets it.`, `headers.${name}`);
    }
    // It is not shown: it may be a secret.
    if (typeof value !== 'string' || !HEADER_VALUE.test(value)) {
      throw error(`Expected the header \`${name}\` to be a string of one line.`, `headers.${name}`);
    }
  }
}

function error(message: string, name: string): HydraError {
  return new HydraError('HYDRA_INVALID_OPTION', message, { name });
}
