/** Configurations in folders of their own, for APIs of bearer servers. */
import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { temporaryFolder } from '../intra42/setting.js';
import type { BearerServer } from './bearer-server.js';

/** An API of the server, with an app for each variable. */
export function apiOf(
  server: Pick<BearerServer, 'baseUrl'>,
  names: readonly string[],
  more: object = {},
): object {
  return {
    baseUrl: server.baseUrl,
    limits: [{ requests: 50, perMs: 1000 }],
    auth: { type: 'bearer' },
    apps: names.map((name) => ({ id: name.toLowerCase(), credentials: { token: `\${${name}}` } })),
    ...more,
  };
}

/** A folder with a configuration of several APIs. */
export function folderWith(apis: Record<string, object>, rest: object = {}): string {
  return folderOf({ apis, options: { minRequestDelayMs: 1 }, ...rest });
}

/** A folder with a configuration. */
export function folderOf(config: object): string {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'apihydra.config.json'), JSON.stringify(config));
  return folder;
}

/** What was asked for, sorted. */
export const pathsOf = (server: BearerServer): string[] =>
  server.received.map((request) => request.path).toSorted();

/** Who asked, sorted. */
export const tokensOf = (server: BearerServer): string[] =>
  [...new Set(server.received.map(({ token }) => token))].toSorted();
