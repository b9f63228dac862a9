import type { HeaderRecord } from '../api.js';
import type { OutcomeRecorder } from '../store/outcome-store.js';
import type { TransportResult } from '../transport/transport.js';

/** An answer of any status, as the transport brings it: its body is still to come. */
export type StreamedAnswer = Extract<TransportResult, { kind: 'response' }>;

/**
 * Takes the answer to a request itself, as soon as its head is here, in place of an outcome. Where there
 * is no answer to hand over, it gets the failure as an outcome.
 *
 * Such a request is not redirected, and an answer of any status ends it, once sending it again is of no
 * use or not allowed.
 */
export interface AnswerReceiver extends OutcomeRecorder {
  /** The app to send it with, if that one is free when its turn comes. */
  readonly preferredAppId: string | undefined;
  /** The headers to send it with. */
  readonly headers: HeaderRecord;
  /** Called before each attempt: the headers may depend on the app. */
  prepareFor(appId: string): void;
  /** Takes the answer. Called at most once, while it may still take the body. */
  onAnswer(answer: StreamedAnswer, appId: string): void;
  /** The request's body, where it comes piece by piece; else it is in the request's options. */
  readonly bodyStream: AsyncIterable<Uint8Array> | undefined;
  /** False once some of {@link bodyStream} was sent: then the request cannot be sent again. */
  readonly canSend: boolean;
}
