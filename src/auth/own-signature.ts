import type { Auth, RequestSignature, SignRequest } from '../api.js';
import type { App } from '../app.js';
import { HydraError } from '../errors.js';

/** A way to sign that is a function: what it returns is looked at, since nothing else checks it. */
export function ownSignature(sign: SignRequest): Auth {
  // Known once an app was taken in, which is before anything is asked.
  const queryNames: string[] = [];
  const authorize = (app: App): RequestSignature => checked(sign(app), app);
  return {
    authorize,
    queryNames,
    checkApp(app) {
      for (const name of Object.keys(authorize(app).query ?? {})) {
        if (!queryNames.includes(name)) queryNames.push(name);
      }
    },
  };
}

function checked(signature: RequestSignature, app: App): RequestSignature {
  const given: unknown = signature;
  if (given instanceof Promise) {
    throw unfit(app, 'a promise: give an object with `renewToken` for what takes time');
  }
  const { headers, query = {} } = (given ?? {}) as Partial<RequestSignature>;
  if (!isRecord(headers)) throw unfit(app, `headers: ${typeof headers}`);
  if (!isRecord(query)) throw unfit(app, `query: ${typeof query}`);
  for (const [name, value] of [...Object.entries(headers), ...Object.entries(query)]) {
    // The value may be a secret: only its type is named.
    if (typeof value !== 'string') throw unfit(app, `${name}: ${typeof value}`);
  }
  return signature;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function unfit(app: App, got: string): HydraError {
  return new HydraError(
    'HYDRA_INVALID_OPTION',
    `Expected \`auth\` to return { headers, query? } of strings for app ${app.id}, got ${got}.`,
    { name: 'auth', appId: app.id },
  );
}
