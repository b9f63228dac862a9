export { defineApi } from './api.js';
export type {
  Api,
  ApiDefinition,
  Auth,
  AuthContext,
  HeaderRecord,
  RequestSignature,
  SignRequest,
} from './api.js';
export type { App, Token } from './app.js';
export { apiKey } from './auth/api-key.js';
export type { ApiKeyOptions } from './auth/api-key.js';
export { basicAuth } from './auth/basic-auth.js';
export type { BasicAuthOptions } from './auth/basic-auth.js';
export { bearerToken } from './auth/bearer-token.js';
export { oauth2ClientCredentials } from './auth/oauth2-client-credentials.js';
export { oauth2RefreshToken } from './auth/oauth2-refresh-token.js';
export type { ClientAuthentication, TokenEndpointOptions } from './auth/token-endpoint.js';
export { checkOptions } from './check-options.js';
export { sleep } from './clock.js';
export type { Clock, Timer } from './clock.js';
export { describeValue, HydraError, hydraErrorCodes } from './errors.js';
export type { HydraErrorCode, HydraErrorFacts } from './errors.js';
export type { AppsFileContent, AppsKeeping, AppState, KeptCosts } from './engine/apps-file.js';
export type { FoundRate } from './limits/rate-discovery.js';
export { ApiHydra } from './hydra.js';
export type { Limit } from './limits/limit.js';
export type { AnswerFacts, LimitRules, RequestFacts } from './limits/limit-rules.js';
export type { AppGroup } from './limits/makespan.js';
export type { ToldHeaders, ToldWindow } from './limits/told-window.js';
export type { Logger, LogLevel } from './logger.js';
export { apiHydraOptionsSchema } from './options.js';
export type { ApiHydraOptions, ResolvedOptions } from './options.js';
export type {
  CursorPlace,
  ListOptions,
  PageMoved,
  PaginateOptions,
  PaginationOptions,
  PaginationParameters,
  PaginationStyle,
} from './pagination/pagination.js';
export { readItems } from './pagination/page-items.js';
export type { ReadItemsOptions } from './pagination/page-items.js';
export type { PageRunOptions } from './pagination/page-run.js';
export type { Paginator } from './pagination/paginator.js';
export { PendingResponse } from './engine/pending-response.js';
export type { Random } from './random.js';
export type {
  HydraFailure,
  Outcome,
  QueryValue,
  RequestMethod,
  RequestOptions,
} from './request/request.js';
export { HydraResponse } from './request/response.js';
export type { ResponseParts } from './request/response.js';
export { readRun } from './run/read-run.js';
export type { ReadRunOptions, RunReader } from './run/read-run.js';
export type { RunInfo, RunSession, SegmentInfo } from './run/run-info.js';
export type {
  Run,
  RunOptions,
  RunProgress,
  RunRequest,
  RunSource,
  RunState,
  RunSummary,
} from './run/run.js';
export { persist } from './retry/persist.js';
export { retryAfterMs } from './retry/retry-after.js';
export type { PersistOptions } from './retry/persist.js';
export type { Runtime } from './runtime.js';
export type { HydraStats } from './stats.js';
export type { Damage as SegmentDamage } from './store/segment-lines.js';
export type {
  AttemptUnderWay,
  BodyReceiver,
  ComingBody,
  Transport,
  TransportRequest,
  TransportResult,
} from './transport/transport.js';
