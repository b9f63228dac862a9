import { describe, expect, it } from 'vitest';
import { books, errorOf, load, loadBooks, loadJson } from '../../test/config/config-files.js';
import { hydraFrom } from './index.js';

describe('hydraFrom', () => {
  it('opens a hydra for the API that is named, the default or the only one', async () => {
    const config = await loadJson({ apis: { a: books(), b: books() } });
    const error = await errorOf(hydraFrom(config));
    expect(error.message).toContain('expected one of a, b to be named');
    expect((await errorOf(hydraFrom(config, 'c'))).message).toContain('has no API "c"');
    await using hydra = await hydraFrom(config, 'a', { appsFile: false, maxRetries: undefined });
    expect(hydra.stats.apps).toBe(1);
    await using another = await hydraFrom({ ...config, defaultApi: 'b' }, undefined, {
      appsFile: false,
    });
    expect(another.stats.apps).toBe(1);
  });

  it('is a hydra of the 42 Intra where that is the API', async () => {
    const config = await load('apihydra.config.yaml', "apis: { intra: { api: '42' } }");
    await using hydra = await hydraFrom(config);
    expect(hydra.constructor.name).toBe('FtApiHydra');
  });

  it('refuses an API of which neither apps nor an apps file are there', async () => {
    const error = await errorOf(hydraFrom(await loadBooks({ apps: undefined })));
    expect(error.facts.name).toBe('apis.books');
    expect(error.message).toContain('apps.books.json');
    const only = await errorOf(hydraFrom(await loadJson(books({ apps: undefined }))));
    expect(only.facts.name).toBeUndefined();
    expect(only.message).toContain('apps.json');
  });
});
