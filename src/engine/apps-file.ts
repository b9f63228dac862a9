/** Keeps apps, tokens and used-up windows between runs. Holds secrets: mode 0600, written atomically. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import type { App, Token } from '../app.js';
import { HydraError } from '../errors.js';
import type { FoundRate } from '../limits/rate-discovery.js';
import { appSchema } from '../options.js';

/** What is kept of what an app spent: amounts, and when each was. */
export interface KeptCosts {
  /** What is counted, such as `'tokens'`. */
  readonly of: string;
  /** Of which scope the requests were, where its limits count them; left out: of all. */
  readonly scope?: string | undefined;
  /** Times are milliseconds since the epoch. */
  readonly uses: readonly { readonly atMs: number; readonly amount: number }[];
}

/** What is kept of one app. */
export interface AppState {
  readonly app: App;
  readonly token?: Token | undefined;
  /** When it sent, as far as that still counts in a window; milliseconds since the epoch. */
  readonly sentAtMs: readonly number[];
  /** The same of its requests of each scope, where the API has limits for any. */
  readonly scopes?: Readonly<Record<string, readonly number[]>> | undefined;
  /** What was found of its rate, where nobody knows its limits. */
  readonly foundRate?: FoundRate | undefined;
  /** What it spent, where the API has limits that count something else than requests. */
  readonly costs?: readonly KeptCosts[] | undefined;
}

/** What the file holds. */
export interface AppsFileContent {
  /** The API that the apps belong to. */
  readonly baseUrl: string;
  readonly apps: readonly AppState[];
  /** When it was written, milliseconds since the epoch. */
  readonly savedAtMs: number;
  /** Requests may have been sent for so long after it was written, milliseconds. */
  readonly unsavedMs: number;
}

const fileSchema = z.object({
  version: z.literal(1),
  baseUrl: z.string(),
  savedAtMs: z.number(),
  unsavedMs: z.number(),
  apps: z.array(
    z.object({
      app: appSchema,
      token: z
        .object({
          value: z.string(),
          expiresAtMs: z.number().optional(),
          refreshToken: z.string().optional(),
        })
        .optional(),
      /** The first time, then what each later one adds: thousands of times stay short. */
      sent: z.array(z.number()),
      /** The same for each scope; files of earlier versions do not have it. */
      scopes: z.record(z.string(), z.array(z.number())).optional(),
      /** Files of earlier versions do not have it. */
      foundRate: z
        .object({
          perSecond: z.number().positive(),
          refusedPerSecond: z.number().positive().optional(),
        })
        .optional(),
      /** Times as above, each with an amount; files of earlier versions do not have them. */
      costs: z
        .array(
          z.object({
            of: z.string(),
            scope: z.string().optional(),
            uses: z.array(z.tuple([z.number(), z.number().nonnegative()])),
          }),
        )
        .optional(),
    }),
  ),
});

/** Where a hydra keeps its apps: the file, or its part of one that several hydras share. */
export interface AppsKeeping {
  /** The file, absolute. */
  readonly path: string;
  /**
   * Reads it; `undefined` when there is none.
   *
   * @throws HydraError `HYDRA_APPS_FILE`.
   */
  load(): AppsFileContent | undefined;
  /** @throws HydraError `HYDRA_APPS_FILE` when it cannot be written. */
  checkWritable(): void;
  /** Replaces it; resolves once that is safe from the end of the process. */
  save(content: AppsFileContent): Promise<void>;
}

/** The file with an API's apps. */
export class AppsFile implements AppsKeeping {
  readonly path: string;

  constructor(filePath: string) {
    this.path = path.resolve(filePath);
  }

  /**
   * Reads the file; `undefined` when there is none.
   *
   * @throws HydraError `HYDRA_APPS_FILE` when it cannot be read or understood. It is left as it is.
   */
  load(): AppsFileContent | undefined {
    let text: string;
    try {
      text = fs.readFileSync(this.path, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw this.#error('cannot be read', cause);
    }
    if (text.trim() === '') throw this.#error('is empty', undefined);
    const parsed = fileSchema.safeParse(this.#parse(text));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw this.#error(`is not as expected at \`${issue?.path.join('.') ?? ''}\``, undefined);
    }
    const { apps, baseUrl, savedAtMs, unsavedMs } = parsed.data;
    return {
      baseUrl,
      savedAtMs,
      unsavedMs,
      apps: apps.map(({ app, token, sent, scopes, foundRate, costs }) => ({
        app,
        token: token as Token | undefined,
        sentAtMs: undoDeltas(sent),
        scopes: scopes && forEachScope(scopes, undoDeltas),
        foundRate,
        costs: costs?.map(({ uses, ...one }) => ({ ...one, uses: readUses(uses) })),
      })),
    };
  }

  /**
   * Makes sure that the file can be written, before anything depends on it.
   *
   * @throws HydraError `HYDRA_APPS_FILE` when it cannot.
   */
  checkWritable(): void {
    try {
      const probe = this.#temporaryPath();
      fs.writeFileSync(probe, '', { mode: 0o600 });
      fs.rmSync(probe);
    } catch (cause) {
      throw this.#error('cannot be written', cause);
    }
  }

  /** Replaces the file. A reader sees the old or the new one, never a part. */
  async save(content: AppsFileContent): Promise<void> {
    const { apps, ...rest } = content;
    const text = JSON.stringify({
      version: 1,
      ...rest,
      apps: apps.map(({ app, token, sentAtMs, scopes, foundRate, costs }) => ({
        app,
        token,
        sent: deltas(sentAtMs),
        scopes: scopes && forEachScope(scopes, deltas),
        foundRate,
        costs: costs?.map(({ uses, ...one }) => ({ ...one, uses: writtenUses(uses) })),
      })),
    });
    const temporary = this.#temporaryPath();
    try {
      await fs.promises.writeFile(temporary, `${text}\n`, { mode: 0o600 });
      await fs.promises.rename(temporary, this.path);
    } catch (cause) {
      await fs.promises.rm(temporary, { force: true });
      throw this.#error('cannot be written', cause);
    }
  }

  #temporaryPath(): string {
    return `${this.path}.${randomBytes(4).toString('hex')}.tmp`;
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      // The parser's own message may quote the file, which holds secrets.
      throw this.#error('is no JSON, or is cut short', undefined);
    }
  }

  #error(what: string, cause: unknown): HydraError {
    const reason =
      cause instanceof Error ? ` (${(cause as NodeJS.ErrnoException).code ?? cause.message})` : '';
    return new HydraError(
      'HYDRA_APPS_FILE',
      `The apps file ${this.path} ${what}${reason}. Expected a file that a hydra has written; it was not changed. ` +
        'Mend or remove it, or name another with the option `appsFile`.',
      { file: this.path, ...(cause === undefined ? {} : { cause }) },
    );
  }
}

function forEachScope(
  scopes: Readonly<Record<string, readonly number[]>>,
  map: (times: readonly number[]) => number[],
): Record<string, number[]> {
  return Object.fromEntries(Object.entries(scopes).map(([name, times]) => [name, map(times)]));
}

function deltas(times: readonly number[]): number[] {
  return times.map((time, index) => Math.round(time) - Math.round(times[index - 1] ?? 0));
}

function undoDeltas(sent: readonly number[]): number[] {
  let sum = 0;
  return sent.map((delta) => (sum += delta));
}

function writtenUses(uses: KeptCosts['uses']): [number, number][] {
  const times = deltas(uses.map(({ atMs }) => atMs));
  return uses.map(({ amount }, index) => [times[index] ?? 0, amount]);
}

function readUses(uses: readonly (readonly [number, number])[]): KeptCosts['uses'] {
  const times = undoDeltas(uses.map(([delta]) => delta));
  return uses.map(([, amount], index) => ({ atMs: times[index] ?? 0, amount }));
}
