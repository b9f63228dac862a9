/** What a configuration says for a plan: of limits, those that count all requests of an app. */
import * as path from 'node:path';
import type { App } from '../../app.js';
import { HydraError } from '../../errors.js';
import { FT_LIMITS } from '../../intra42/ft-limits.js';
import { requestLimits } from '../../limits/cost-limits.js';
import type { Limit } from '../../limits/limit.js';
import type { Configured } from '../connection/configured-api.js';
import { DEFAULT_APPS_FILE } from '../connection/connection-options.js';

/** What is known without flags. */
export interface PlanBasis {
  /** Limits of an app that has none of its own; `undefined`: nobody knows them. */
  readonly limits: readonly Limit[] | undefined;
  /** Apps that stand in the configuration, and where. */
  readonly apps?: readonly App[];
  readonly configFile?: string;
  readonly appsFile: string;
  readonly requestsPerSecond?: number | undefined;
  readonly minRequestDelayMs: number;
}

const DEFAULT_DELAY_MS = 10;

/** Without a configuration, the 42 Intra is meant. */
export function planBasis(configured: Configured | undefined): PlanBasis {
  if (configured === undefined) {
    return {
      limits: FT_LIMITS,
      appsFile: DEFAULT_APPS_FILE,
      minRequestDelayMs: DEFAULT_DELAY_MS,
    };
  }
  const { api, options } = configured.api;
  const known = api === '42' ? FT_LIMITS : requestLimits(api.limits);
  const { apps, appsFile, requestsPerSecond, minRequestDelayMs = DEFAULT_DELAY_MS } = options;
  return {
    limits: options.limits ?? (known === 'discover' ? undefined : known),
    ...(apps === undefined ? {} : { apps, configFile: path.basename(configured.config.file) }),
    appsFile: appsFile === false ? DEFAULT_APPS_FILE : path.relative('.', appsFile),
    requestsPerSecond,
    minRequestDelayMs,
  };
}

/** For a plan of an API of which nobody knows the limits. */
export function unknownLimits(): HydraError {
  return new HydraError(
    'HYDRA_CONFIG',
    "Expected --limit: the API's limits are to be discovered, so nobody knows them yet.",
    { name: 'limits' },
  );
}
