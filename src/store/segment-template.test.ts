import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTemplate } from './segment-template.js';

describe('parseTemplate', () => {
  it.each([
    ['./.responses_%s_%s.json', '.', '.responses_7_123.json', 'json', undefined],
    ['/data/%s%s.jsonl', '/data', '7123.jsonl', 'jsonl', undefined],
    ['out/%s-%s.json.gz', 'out', '7-123.json', 'json', 'gzip'],
    ['out/a.json_%s_b_%s_c.jsonl.zst', 'out', 'a.json_7_b_123_c.jsonl', 'jsonl', 'zstd'],
    ['100%/%s_%s%d.json', '100%', '7_123%d.json', 'json', undefined],
  ])('understands %s', (template, folder, name, format, compression) => {
    const parsed = parseTemplate(template);
    expect(parsed.fileName(7, 123)).toBe(name);
    expect(parsed).toMatchObject({ folder: resolve(folder), format, compression });
  });

  it.each([
    'responses.json',
    'responses_%s.json',
    'responses_%s_%s_%s.json',
    '%s/responses_%s_%s.json',
    '%s/responses_%s.json',
    '%s/%s/responses.json',
    'responses_%s_%s',
    'responses_%s_%s.txt',
    'responses_%s_%s.json.bz2',
    'responses_%s_%s.gz',
    'responses_%s_%s.JSON',
    'responses_%d_%d.json',
    '',
  ])('refuses %j, and says what was expected and what came', (template) => {
    const message = `Expected \`theOption\` to be a path whose file name has exactly two %s (part number, Unix seconds) and ends in .json, .jsonl, or one of them and .gz or .zst, got ${JSON.stringify(template)} (string).`;
    expect(() => parseTemplate(template, 'theOption')).toThrow(
      expect.objectContaining({
        code: 'HYDRA_INVALID_OPTION',
        message,
        facts: { name: 'theOption' },
      }),
    );
  });
});
