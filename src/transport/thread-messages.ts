/** What goes between the main thread and a thread that carries attempts. */
import { BodyPacker, BodyUnpacker, type PackedBody } from './body-batch.js';
import { putErrorTogether, takeErrorApart, type SentError } from './sent-error.js';
import type { TransportRequest, TransportResult } from './transport.js';

/** What a thread is told when it starts. */
export interface ThreadStart {
  /** {@link clockOriginMs} of the main thread: the times in results are on its clock. */
  readonly originMs: number;
  readonly maxConnections: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly http2: boolean;
  readonly ca: string | undefined;
}

/** To a thread: attempts to begin, and to break off. */
export interface WorkMessage {
  readonly requests: readonly SentRequest[];
  readonly bodies: ArrayBuffer | undefined;
  readonly aborted: readonly number[];
}

/** Time-outs stay in the main thread, so that they also bound a thread that hangs. */
interface SentRequest extends Omit<TransportRequest, 'body' | 'timeoutMs'> {
  readonly id: number;
  readonly body: PackedBody | string | undefined;
}

/** From a thread: that it can take attempts, once, and how attempts have ended. */
export type ThreadMessage =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'results';
      readonly results: readonly SentResult[];
      readonly bodies: ArrayBuffer | undefined;
    };

type Response = Extract<TransportResult, { kind: 'response' }>;

type SentResult = { readonly id: number } & (
  | (Omit<Response, 'body'> & { readonly body: PackedBody })
  | { readonly kind: 'unreachable' | 'broken'; readonly error: SentError }
  | { readonly kind: 'timeout' | 'aborted' }
);

/** An attempt under its number. */
export type Numbered<T> = readonly [id: number, content: T];

/** A message and what is given away with it. */
export interface Parcel<T> {
  readonly message: T;
  readonly transfers: ArrayBuffer[];
}

export function packWork(
  requests: readonly Numbered<TransportRequest>[],
  aborted: readonly number[],
): Parcel<WorkMessage> {
  // A request may have to be sent again: its body is needed here.
  const packer = new BodyPacker(false);
  const sent = requests.map(([id, request]): SentRequest => {
    const { origin, path, method, headers, body, expectsJson } = request;
    const packed = body instanceof Uint8Array ? packer.pack(body) : body;
    return { id, origin, path, method, headers, body: packed, expectsJson };
  });
  const bodies = packer.finish();
  return { message: { requests: sent, bodies, aborted }, transfers: packer.transfers };
}

export function unpackRequests({ requests, bodies }: WorkMessage): Numbered<TransportRequest>[] {
  const unpacker = new BodyUnpacker(bodies);
  return requests.map(({ id, body, ...rest }) => {
    const isPacked = body !== undefined && typeof body !== 'string';
    return [
      id,
      { ...rest, body: isPacked ? unpacker.unpack(body) : body, timeoutMs: Infinity },
    ] as const;
  });
}

export function packResults(results: readonly Numbered<TransportResult>[]): Parcel<ThreadMessage> {
  const packer = new BodyPacker(true);
  const sent = results.map(([id, result]): SentResult => {
    if (result.kind === 'response') return { id, ...result, body: packer.pack(result.body) };
    if (!('error' in result)) return { id, kind: result.kind };
    return { id, kind: result.kind, error: takeErrorApart(result.error) };
  });
  const bodies = packer.finish();
  return { message: { kind: 'results', results: sent, bodies }, transfers: packer.transfers };
}

export function unpackResults(
  message: Extract<ThreadMessage, { kind: 'results' }>,
): Numbered<TransportResult>[] {
  const unpacker = new BodyUnpacker(message.bodies);
  return message.results.map((sent): Numbered<TransportResult> => {
    const { id } = sent;
    if (sent.kind === 'response') {
      const { id: _id, body, ...rest } = sent;
      return [id, { ...rest, body: unpacker.unpack(body) }];
    }
    if (!('error' in sent)) return [id, { kind: sent.kind }];
    return [id, { kind: sent.kind, error: putErrorTogether(sent.error) }];
  });
}
