import { describe, expect, it } from 'vitest';
import { bearerToken, defineApi, type Limit } from '../../index.js';
import { planBasis } from './configured-plan.js';

const tokens: Limit = { of: 'tokens', requests: 40, perMs: 60_000 };

/** What a plan knows of an API with these limits. */
function limitsOf(limits: readonly Limit[]): readonly Limit[] | undefined {
  const baseUrl = 'https://api.example.com';
  const api = defineApi({ baseUrl, auth: bearerToken(), limits, cost: () => ({ tokens: 1 }) });
  const configured = {
    name: 'x',
    place: 'apis.x',
    api,
    checkPath: '/',
    options: { appsFile: false },
  } as const;
  const config = { file: '/x/apihydra.config.ts', apis: [configured] };
  return planBasis({ config, api: configured }).limits;
}

describe('planBasis', () => {
  it('takes no limit on what requests cost for one on requests', () => {
    const requests = { requests: 500, perMs: 60_000 };
    expect(limitsOf([requests, tokens])).toEqual([requests]);
    expect(limitsOf([tokens])).toBeUndefined();
  });
});
