/** What a configuration file says. In TypeScript and JavaScript files it may also hold what is made by code. */
import type {
  Api,
  ApiHydraOptions,
  App,
  ApiKeyOptions,
  Auth,
  BasicAuthOptions,
  HeaderRecord,
  Limit,
  SignRequest,
  TokenEndpointOptions,
} from '../index.js';

/** A way to sign, in words: each is the function of the same name (`bearer` is `bearerToken()`). */
export type AuthConfig =
  | { readonly type: 'bearer' }
  | ({ readonly type: 'apiKey' } & ApiKeyOptions)
  | ({ readonly type: 'basic' } & BasicAuthOptions)
  | ({ readonly type: 'oauth2ClientCredentials' | 'oauth2RefreshToken' } & TokenEndpointOptions);

/** Options of a hydra that a file may hold; see {@link ApiHydraOptions}. */
export type HydraConfig = Omit<ApiHydraOptions, 'api' | 'apps' | 'appsFile' | 'limits' | 'logger'>;

/** One API, and the apps to ask it with. It has either `api`, or `baseUrl`, `limits` and `auth`. */
export interface ApiConfig {
  /** A ready definition by its name, such as `'42'`, or what `defineApi()` returned. */
  readonly api?: string | Api;
  /** What the ready definition may be told. */
  readonly apiOptions?: Readonly<Record<string, unknown>>;
  /** Absolute, without credentials, query and fragment. */
  readonly baseUrl?: string;
  /**
   * All windows of each app that has no `limits` of its own. Beside `api`, they take the place of its own;
   * those of the 42 Intra are known, so `'discover'` is refused there.
   */
  readonly limits?: readonly Limit[] | 'discover';
  /** In code also what `bearerToken()` and its kin return, or a function that signs. */
  readonly auth?: AuthConfig | Auth | SignRequest;
  /** Headers of every request. */
  readonly headers?: HeaderRecord;
  /** @defaultValue `'any'` */
  readonly responseType?: 'json' | 'any';
  /**
   * What `apihydra check` asks for: something that costs little and needs an app.
   *
   * @defaultValue that of the ready definition that `api` names, else `'/'`
   */
  readonly checkPath?: string;
  /** @defaultValue the apps in `appsFile` */
  readonly apps?: readonly App[];
  /**
   * Where apps, tokens and used-up windows are kept, seen from the folder of the configuration file.
   *
   * @defaultValue `'apps.<name of the api>.json'`; in a file with one API at the top `'apps.json'`
   */
  readonly appsFile?: string | false;
  /** These go before the `options` of the whole file. */
  readonly options?: HydraConfig;
}

/** A configuration file with several APIs. */
export interface ApisConfig {
  /** For editors: where the schema is. */
  readonly $schema?: string;
  /** The APIs, each under a name of letters, digits, `.`, `_` and `-`. */
  readonly apis: Readonly<Record<string, ApiConfig>>;
  /** The one that is meant where none is named. @defaultValue the only one */
  readonly defaultApi?: string;
  /** Options of every hydra. */
  readonly options?: HydraConfig;
}

/**
 * A configuration file with one API: what is said of it stands at the top. It goes by the name of its
 * definition, else by its host.
 */
export interface OneApiConfig extends ApiConfig {
  /** For editors: where the schema is. */
  readonly $schema?: string;
  readonly apis?: never;
  readonly defaultApi?: never;
}

/** A configuration file. */
export type Config = ApisConfig | OneApiConfig;

/** Returns what it is given: so that an editor knows what may stand in a configuration file. */
export function defineConfig(config: Config): Config {
  return config;
}
