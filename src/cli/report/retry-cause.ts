import { STATUS_CODES } from 'node:http';

/** A cause of retries, for people. */
export interface RetryCauseText {
  readonly name: string;
  readonly meaning: string | undefined;
}

/** The causes that are no status. `not-found` is kept apart from other statuses, as it may pass. */
const CAUSES: Readonly<Record<string, RetryCauseText>> = {
  network: { name: 'network error', meaning: 'no connection, or it broke' },
  timeout: { name: 'timeout', meaning: 'took longer than allowed' },
  body: { name: 'broken answer', meaning: 'cut short, or of another type' },
  'not-found': { name: 'HTTP 404', meaning: STATUS_CODES[404] },
};

/** Says what a cause of `run.json` means: `http-500` is `HTTP 500`, `Internal Server Error`. */
export function describeCause(cause: string): RetryCauseText {
  const status = /^http-(\d+)$/.exec(cause)?.[1];
  if (status !== undefined) return { name: `HTTP ${status}`, meaning: STATUS_CODES[status] };
  return (
    (Object.hasOwn(CAUSES, cause) ? CAUSES[cause] : undefined) ?? {
      name: cause,
      meaning: undefined,
    }
  );
}
