import { apiKey, defineApi, type AnswerFacts, type Api, type ToldWindow } from '../index.js';
import { headerCount, headerText } from './header-value.js';

/**
 * The Discord API for bots, version 10. Credential of each app: `key` (the bot's token).
 *
 * - 50 requests a second for each bot, over all routes. Source:
 *   https://support-dev.discord.com/hc/en-us/articles/6223003921559-My-Bot-is-Being-Rate-Limited
 * - Each route has a bucket besides, whose size is told only by its answers: `X-RateLimit-Bucket`,
 *   `-Remaining` and `-Reset-After` (seconds with fractions). Source:
 *   https://docs.discord.com/developers/topics/rate-limits. An answer does not tell which other requests draw
 *   on its bucket; so a bucket that is empty holds back its bot as a whole, until it is full again. That is
 *   slower than could be where a job goes over many routes, and never too fast.
 * - 429 is a refusal, until `Retry-After` (seconds with fractions), whether of a bucket or global: Discord
 *   locks out who is refused too often.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function discord(): Api {
  return defineApi({
    name: 'discord',
    baseUrl: 'https://discord.com/api/v10',
    auth: apiKey({ in: 'header', name: 'authorization', prefix: 'Bot ' }),
    limits: [{ requests: 50, perMs: 1000 }],
    readLimits: readBucket,
  });
}

function readBucket(headers: AnswerFacts['headers']): readonly ToldWindow[] {
  const remaining = headerCount(headers, 'x-ratelimit-remaining');
  if (remaining === undefined) return [];
  const bucket = headerText(headers, 'x-ratelimit-bucket') ?? '';
  const seconds = headerCount(headers, 'x-ratelimit-reset-after');
  const resetMs = seconds === undefined ? undefined : Math.ceil(seconds * 1000);
  const unknown = { requests: undefined, perMs: undefined };
  return [
    // In the place of what the usual headers would say: they are those of one bucket of many.
    { name: 'X-RateLimit', ...unknown, remaining: undefined, resetMs: undefined },
    { name: `X-RateLimit ${bucket}`, ...unknown, remaining, resetMs },
  ];
}
