/** Configuration files: `apihydra/config`. */
export { defineConfig } from './config.js';
export type { ApiConfig, AuthConfig, Config, HydraConfig } from './config.js';
export { configJsonSchema } from './config-schema.js';
export { apiOf, hydraFrom } from './hydra-from.js';
export { loadConfig } from './load-config.js';
export type { ConfiguredApi, LoadConfigOptions, LoadedConfig } from './load-config.js';
export type { Environment } from './placeholders.js';
