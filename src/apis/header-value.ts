import type { AnswerFacts } from '../index.js';

/** A header's value as text; of one that came several times, the first. */
export function headerText(headers: AnswerFacts['headers'], name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** A header's value as a number of at least 0; `undefined` when it is none. */
export function headerCount(headers: AnswerFacts['headers'], name: string): number | undefined {
  const text = headerText(headers, name)?.trim();
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
