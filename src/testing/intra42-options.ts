/** What the stand-in can be told. What is not sure about the real server is a switch here. */
import { z } from 'zod';
import { checkOptions } from '../check-options.js';
import { limiterKinds, type LimiterKind } from './limiter.js';

/** Shares of API requests, 0 to 1 each, that go wrong after the limiter has accepted them. */
export interface Intra42Faults {
  readonly status500?: number | undefined;
  readonly status502?: number | undefined;
  readonly status504?: number | undefined;
  /** The connection is reset. */
  readonly reset?: number | undefined;
  /** The body ends early. */
  readonly truncated?: number | undefined;
  /** Status 200 with an HTML body. */
  readonly html200?: number | undefined;
  /** Nothing comes for `stallMs`. */
  readonly stall?: number | undefined;
}

/** Milliseconds that an API request takes. */
export interface Intra42Latency {
  /** The way to the limiter. */
  readonly beforeMs?: number | undefined;
  /** Up to so much more on that way, evenly spread. */
  readonly jitterMs?: number | undefined;
  /** From the limiter to the answer. */
  readonly workMs?: number | undefined;
}

/** Options of `startIntra42()`. */
export interface Intra42Options {
  /** Users that it knows, all of campus Berlin. @defaultValue 1000 */
  readonly users?: number | undefined;
  /** Makes data, faults and latencies repeatable. @defaultValue 42 */
  readonly seed?: number | undefined;
  /** Port of the API; website and sign-in take the next two. 0: any that are free. @defaultValue 0 */
  readonly port?: number | undefined;
  /** Login of its only account. @defaultValue `'student'` */
  readonly login?: string | undefined;
  /** Password of that account. @defaultValue `'correct horse'` */
  readonly password?: string | undefined;
  /** TOTP secret, base32; when given, sign-in wants a second factor. */
  readonly otpSecret?: string | undefined;
  /** Names of the apps that the account has at the start. */
  readonly existingApps?: readonly string[] | undefined;
  /** Limits of each app. @defaultValue 2 a second and 1200 an hour */
  readonly limits?: readonly { readonly requests: number; readonly perMs: number }[] | undefined;
  /** How it limits. @defaultValue `'sliding-window'` */
  readonly limiter?: LimiterKind | undefined;
  /** @defaultValue none */
  readonly latency?: Intra42Latency | undefined;
  /** @defaultValue none */
  readonly faults?: Intra42Faults | undefined;
  /** How long a stalled answer takes. @defaultValue 90,000 */
  readonly stallMs?: number | undefined;
  /** @defaultValue 7200 */
  readonly tokenLifetimeSeconds?: number | undefined;
  /** Whether a live token is handed back instead of a new one. @defaultValue `true` */
  readonly reuseTokens?: boolean | undefined;
  /** What a token says of `secret_valid_until`: a time, `null`, or nothing. @defaultValue nothing */
  readonly secretValidUntil?: number | null | undefined;
  /** Whether a 429 of the API says `Retry-After`. @defaultValue `true` */
  readonly retryAfter?: boolean | undefined;
  /** Body of a 404. @defaultValue `'json'` */
  readonly notFoundBody?: 'json' | 'html' | undefined;
  /** Whether a request without `User-Agent` gets 403. @defaultValue `true` */
  readonly requireUserAgent?: boolean | undefined;
  /** Whether bodies are compressed when the client takes gzip. @defaultValue `false` */
  readonly compress?: boolean | undefined;
  /** Pages of the website a second, beyond which it answers 429. @defaultValue no limit */
  readonly webPagesPerSecond?: number | undefined;
  /** Whether that 429 says `Retry-After: 1`. @defaultValue `false` */
  readonly webRetryAfter?: boolean | undefined;
  /** Apps that an account may have. @defaultValue 200 */
  readonly maxApps?: number | undefined;
  /** Names of apps that are rejected. @defaultValue `['test', 'app']` */
  readonly rejectedAppNames?: readonly string[] | undefined;
  /** Changes any HTML page before it is sent, to see what a client makes of another one. */
  readonly alterPage?: ((path: string, html: string) => string) | undefined;
}

/** {@link Intra42Options} with the defaults filled in. */
export type Intra42Settings = {
  readonly [K in keyof Intra42Options]-?: Exclude<Intra42Options[K], undefined>;
} & Pick<Intra42Options, 'otpSecret' | 'webPagesPerSecond' | 'alterPage' | 'secretValidUntil'>;

const defaults = Object.freeze({
  users: 1000,
  seed: 42,
  port: 0,
  login: 'student',
  password: 'correct horse',
  existingApps: [],
  limits: [
    { requests: 2, perMs: 1000 },
    { requests: 1200, perMs: 3_600_000 },
  ],
  limiter: 'sliding-window',
  latency: {},
  faults: {},
  stallMs: 90_000,
  tokenLifetimeSeconds: 7200,
  reuseTokens: true,
  retryAfter: true,
  notFoundBody: 'json',
  requireUserAgent: true,
  compress: false,
  webRetryAfter: false,
  maxApps: 200,
  rejectedAppNames: ['test', 'app'],
} as const);

const wholeNumber = z.int().min(0).meta({ expected: 'a whole number, 0 or more' });
const duration = z.number().min(0).meta({ expected: 'a number of milliseconds, 0 or more' });
const share = z.number().min(0).max(1).optional().meta({ expected: 'a share from 0 to 1' });
const flag = z.boolean().meta({ expected: 'true or false' });
const text = z.string().min(1).meta({ expected: 'a string that is not empty' });

/** The schema of {@link Intra42Faults}. */
export const faultsSchema: z.ZodType<Intra42Faults> = z.strictObject({
  status500: share,
  status502: share,
  status504: share,
  reset: share,
  truncated: share,
  html200: share,
  stall: share,
});

/** The schema of {@link Intra42Latency}. */
export const latencySchema: z.ZodType<Intra42Latency> = z.strictObject({
  beforeMs: duration.optional(),
  jitterMs: duration.optional(),
  workMs: duration.optional(),
});

const schema = z.strictObject({
  users: wholeNumber.optional(),
  seed: z.int().optional().meta({ expected: 'a whole number' }),
  port: z.int().min(0).max(65_533).optional().meta({ expected: 'a port from 0 to 65533' }),
  login: text.optional(),
  password: text.optional(),
  otpSecret: text.optional(),
  existingApps: z.array(text).optional(),
  limits: z
    .array(z.strictObject({ requests: z.int().min(1), perMs: z.number().gt(0) }))
    .min(1)
    .optional()
    .meta({ expected: 'a list of at least one { requests, perMs }' }),
  limiter: z
    .enum(limiterKinds)
    .optional()
    .meta({ expected: `one of ${limiterKinds.join(', ')}` }),
  latency: latencySchema.optional(),
  faults: faultsSchema.optional(),
  stallMs: duration.optional(),
  tokenLifetimeSeconds: wholeNumber.optional(),
  reuseTokens: flag.optional(),
  secretValidUntil: z.number().nullable().optional().meta({ expected: 'Unix seconds, or null' }),
  retryAfter: flag.optional(),
  notFoundBody: z.enum(['json', 'html']).optional().meta({ expected: "'json' or 'html'" }),
  requireUserAgent: flag.optional(),
  compress: flag.optional(),
  webPagesPerSecond: z.number().gt(0).optional().meta({ expected: 'a number above 0' }),
  webRetryAfter: flag.optional(),
  maxApps: wholeNumber.optional(),
  rejectedAppNames: z.array(z.string()).optional(),
  alterPage: z
    .custom<Intra42Options['alterPage']>((value) => typeof value === 'function')
    .optional()
    .meta({ expected: 'a function' }),
});

/**
 * Checks options and fills in the defaults.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function resolveIntra42Options(options: Intra42Options): Intra42Settings {
  const given = checkOptions<Intra42Options>(schema, options);
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.freeze({
    ...defaults,
    ...(Object.fromEntries(set) as Intra42Options),
  }) as Intra42Settings;
}
