/** Bodies in all forms that fetch and undici take: what can be sent again, and what cannot. */
import { HydraError, describeValue } from '../errors.js';

/** A body to send. */
export type RequestBody =
  /** It may be sent as often as it takes. */
  | { readonly kind: 'bytes'; readonly bytes: string | Uint8Array | undefined }
  | { readonly kind: 'stream'; readonly stream: OneTimeStream };

const noBody: RequestBody = { kind: 'bytes', bytes: undefined };

/** A stream of bytes that says whether some of it was read. It can be read again until then. */
export class OneTimeStream implements AsyncIterable<Uint8Array> {
  wasRead = false;
  readonly #source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

  constructor(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.#source = source;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    this.wasRead = true;
    const source = this.#source;
    yield* source;
  }
}

/**
 * What is to be sent for a body.
 *
 * @param isRepeatable - true where the body is known to stand in memory although it is a stream.
 * @returns also the type of the content, where the body says it.
 * @throws HydraError `HYDRA_INVALID_REQUEST` for what is no body.
 */
export async function readBody(
  body: unknown,
  isRepeatable: boolean,
): Promise<{ readonly body: RequestBody; readonly type: string | null }> {
  if (isFormData(body) || body instanceof Blob) {
    const content = new Response(isFormData(body) ? ownFormData(body) : body);
    const bytes = new Uint8Array(await content.arrayBuffer());
    return { body: { kind: 'bytes', bytes }, type: content.headers.get('content-type') };
  }
  const direct = directBody(body);
  if (direct.kind === 'bytes' || !isRepeatable) return { body: direct, type: null };
  const pieces: Uint8Array[] = [];
  for await (const piece of direct.stream) pieces.push(piece);
  return { body: { kind: 'bytes', bytes: Buffer.concat(pieces) }, type: null };
}

/** A body that need not be read first. */
export function directBody(body: unknown): RequestBody {
  if (body === null || body === undefined) return noBody;
  if (typeof body === 'string' || body instanceof Uint8Array) return { kind: 'bytes', bytes: body };
  if (ArrayBuffer.isView(body)) {
    return { kind: 'bytes', bytes: new Uint8Array(body.buffer, body.byteOffset, body.byteLength) };
  }
  if (body instanceof ArrayBuffer) return { kind: 'bytes', bytes: new Uint8Array(body) };
  if (isIterable(body)) return { kind: 'stream', stream: new OneTimeStream(body) };
  const message = `Expected the body to be text, bytes, a form, or a stream of bytes, got ${describeValue(body)}.`;
  throw new HydraError('HYDRA_INVALID_REQUEST', message, { name: 'body' });
}

/** True for a body that has to be read before it is known what is to be sent. */
export function isReadFirst(body: unknown, isRepeatable: boolean): boolean {
  if (isFormData(body) || body instanceof Blob) return true;
  return isRepeatable && isIterable(body) && !(body instanceof Uint8Array);
}

function isIterable(body: unknown): body is AsyncIterable<Uint8Array> {
  return (
    typeof body === 'object' &&
    body !== null &&
    (Symbol.asyncIterator in body || Symbol.iterator in body)
  );
}

/** Forms of undici are of another class than those of Node. */
function isFormData(body: unknown): body is FormData {
  return Object.prototype.toString.call(body) === '[object FormData]';
}

function ownFormData(given: FormData): FormData {
  const form = new FormData();
  for (const [name, value] of given) form.append(name, value);
  return form;
}
