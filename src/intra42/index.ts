export { FtApiHydra } from './ft-api-hydra.js';
export type { WebOptions } from './ft-api-hydra.js';
export type { FtApiHydraOptions } from './ft-options.js';
export type { ApiUsage } from './usage-table.js';
export type { CredentialSource } from './web/credential.js';
export type { OneTimeCodeSource } from './web/one-time-code.js';
