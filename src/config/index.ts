/** Configuration files: `apihydra/config`. */
export type { ConfiguredApi } from './api-entry.js';
export { defineConfig } from './config.js';
export type {
  ApiConfig,
  ApisConfig,
  AuthConfig,
  Config,
  HydraConfig,
  OneApiConfig,
} from './config.js';
export { configJsonSchema } from './config-schema.js';
export { apiOf, hydraFrom } from './hydra-from.js';
export { loadConfig } from './load-config.js';
export type { LoadConfigOptions, LoadedConfig } from './load-config.js';
export type { Environment } from './placeholders.js';
