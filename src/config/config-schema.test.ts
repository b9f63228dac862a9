import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { templateNames, templateOf } from '../cli/init/template.js';
import { writeTemplate } from '../cli/init/write-template.js';
import { configJsonSchema } from './index.js';

const shipped = path.resolve(import.meta.dirname, '../../dist/config-schema.json');
const validate = new Ajv2020({ allowUnionTypes: true }).compile(configJsonSchema());
const api = {
  baseUrl: 'https://x.test',
  limits: 'discover',
  auth: { type: 'apiKey', in: 'query', name: 'key' },
  apps: [{ id: 'a', credentials: { key: '${KEY}' }, limits: [{ requests: 1, perMs: 5 }] }],
};

describe('the schema for editors', () => {
  it('is the one that is shipped', () => {
    expect(JSON.parse(readFileSync(shipped, 'utf8'))).toEqual(configJsonSchema());
  });

  it.each(templateNames())('accepts what init writes for %s', (name) => {
    const config = JSON.parse(writeTemplate(templateOf(name), 'json')) as unknown;
    expect([validate(config), validate.errors]).toEqual([true, null]);
  });

  it('accepts an API in words, and options of both places', () => {
    const options = { requestsPerSecond: 1.5, http2: true, logLevel: 'debug' };
    expect(validate({ apis: { x: { ...api, options } }, options, defaultApi: 'x' })).toBe(true);
    const limits = [{ requests: 5, perMs: 1000 }];
    expect(validate({ apis: { x: { ...api, limits, appsFile: false } } })).toBe(true);
    expect(validate({ ...api, limits, options, $schema: 'x' })).toBe(true);
  });

  it.each([
    ['no API', {}],
    ['several APIs and one', { apis: { x: api }, ...api }],
    ['a default of one', { ...api, defaultApi: 'x' }],
    ['one API that lacks a way to sign', { ...api, auth: undefined }],
    ['an unknown key of one API', { ...api, respondType: 'json' }],
    ['an unknown key', { apis: { x: { ...api, respondType: 'json' } } }],
    ['an unknown option', { apis: { x: { ...api, options: { thread: 1 } } } }],
    ['an option that only code has', { apis: { x: { ...api, options: { logger: {} } } } }],
    ['a limit of 0', { apis: { x: { ...api, limits: [{ requests: 0, perMs: 1 }] } } }],
    ['another word than discover', { apis: { x: { ...api, limits: 'none' } } }],
    ['no apps', { apis: { x: { ...api, apps: [] } } }],
    ['a way to sign that is none', { apis: { x: { ...api, auth: { type: 'barer' } } } }],
    ['a way to sign that lacks a word', { apis: { x: { ...api, auth: { type: 'apiKey' } } } }],
    [
      'a credential that is no text',
      { apis: { x: { ...api, apps: [{ id: 'a', credentials: { k: 1 } }] } } },
    ],
    ['a path without a slash', { apis: { x: { ...api, checkPath: 'me' } } }],
  ])('refuses %s', (_what, config) => {
    expect(validate(config)).toBe(false);
  });
});
