import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../intra42/setting.js';
import { bearerServer } from './bearer-server.js';
import { apihydraHere, apihydraTyped } from './command-line.js';
import { tokensOf } from './config-setting.js';

describe('apihydra init', () => {
  it.each(['yaml', 'ts', 'js', 'json'])(
    'writes %s that can be read, without secrets',
    async (format) => {
      const server = await bearerServer();
      const folder = temporaryFolder();
      const { code, stderr } = await apihydraHere(['init', '--format', format], folder);
      expect([code, stderr]).toEqual([
        0,
        `Wrote apihydra.config.${format}. Next: fill it in, and \`apihydra check\`.\n`,
      ]);
      const file = path.join(folder, `apihydra.config.${format}`);
      const text = readFileSync(file, 'utf8');
      expect(text).toContain('${EXAMPLE_TOKEN_1}');
      // JSON has no comments.
      const isExplained = /(#|\/\/) Whom to ask with\. \$\{NAME\} is filled in/.test(text);
      expect(isExplained).toBe(format !== 'json');
      writeFileSync(file, text.replace('https://api.example.com/v1', server.baseUrl));
      const env = { EXAMPLE_TOKEN_1: 'good-1', EXAMPLE_TOKEN_2: 'good-2' };
      const checked = await apihydraHere(['check'], folder, env);
      expect(checked.code).toBe(0);
      expect(tokensOf(server)).toEqual(['good-1', 'good-2']);
    },
  );

  it('never writes over a configuration, unless told to, and puts no second one beside it', async () => {
    const folder = temporaryFolder();
    await apihydraHere(['init', '--api', '42'], folder);
    const before = readFileSync(path.join(folder, 'apihydra.config.yaml'), 'utf8');
    const again = await apihydraHere(['init', '--api', 'github'], folder);
    expect([again.code, again.stderr]).toEqual([
      1,
      expect.stringContaining('--force writes over it'),
    ]);
    const other = await apihydraHere(['init', '--format', 'ts', '--force'], folder);
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('remove it first')]);
    expect(readFileSync(path.join(folder, 'apihydra.config.yaml'), 'utf8')).toBe(before);
    const forced = await apihydraHere(['init', '--api', 'github', '--force'], folder);
    expect(forced.code).toBe(0);
    expect(readFileSync(path.join(folder, 'apihydra.config.yaml'), 'utf8')).toContain(
      'GITHUB_TOKEN_1',
    );
    expect(readdirSync(folder)).toEqual(['apihydra.config.yaml']);
  });

  it('shows what a check asks a ready definition for', async () => {
    const folder = temporaryFolder();
    await apihydraHere(['init', '--api', 'notion'], folder);
    const text = readFileSync(path.join(folder, 'apihydra.config.yaml'), 'utf8');
    expect(text).toContain('\n# checkPath: "/users/me"\n');
  });

  it('refuses an API or a format that it does not know', async () => {
    const { code, stderr } = await apihydraHere(['init', '--api', 'githab'], temporaryFolder());
    expect(code).toBe(2);
    expect(stderr).toContain('github');
  });

  it('asks on a terminal which API it is for', async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await apihydraTyped(['init'], folder, {}, [
      ['Which API (own, 42', 'githab\r'],
      ['Did you mean github?', 'github\r'],
    ]);
    expect(stderr).toContain('Wrote apihydra.config.yaml.');
    expect(code).toBe(0);
    const text = readFileSync(path.join(folder, 'apihydra.config.yaml'), 'utf8');
    expect(text).toContain('api: "github"');
  });

  it('writes nothing where the terminal is closed at the question', async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await apihydraTyped(['init'], folder, {}, [['Which API', '\u0004']]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('Stopped at the question')]);
    expect(readdirSync(folder)).toEqual([]);
  });
});
