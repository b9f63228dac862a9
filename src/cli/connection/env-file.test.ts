import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseEnvText, readEnvFile } from './env-file.js';

const secrets = ['INTRA_PASSWORD', 'INTRA_OTP'];

function envFile(text: string, mode = 0o600): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'apihydra-env-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, '.env');
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

describe('parseEnvText', () => {
  it.each([
    ['plain', 'INTRA_PASSWORD=hunter2'],
    ['blanks around', '  INTRA_PASSWORD = hunter2  '],
    ['double quotes', 'INTRA_PASSWORD="hunter2"'],
    ['single quotes', "INTRA_PASSWORD='hunter2'"],
    ['export before it', 'export INTRA_PASSWORD=hunter2'],
    ['a comment behind it', 'INTRA_PASSWORD=hunter2 # mine'],
    ['a comment before it', '# mine\n\nINTRA_PASSWORD=hunter2'],
    ['a mark of Windows editors', '\uFEFFINTRA_PASSWORD=hunter2\r\nINTRA_LOGIN=me\r\n'],
    ['a line that is none before it', 'what is this\nexport INTRA_PASSWORD=hunter2'],
  ])('reads a value with %s', (_name, text) => {
    expect(parseEnvText(text)['INTRA_PASSWORD']).toBe('hunter2');
  });

  it('keeps blanks, hashes and equals signs within quotes', () => {
    expect(parseEnvText('A="a # b=c "\nB=\'#"\'\nC=a=b==')).toEqual({
      A: 'a # b=c ',
      B: '#"',
      C: 'a=b==',
    });
  });
});

describe('readEnvFile', () => {
  it('reads a file of its owner without a word', () => {
    expect(readEnvFile(envFile('INTRA_PASSWORD=hunter2\n'), secrets)).toEqual({
      values: { INTRA_PASSWORD: 'hunter2' },
      warnings: [],
    });
  });

  it('says nothing where there is no file, or a folder of that name', () => {
    const folder = path.dirname(envFile(''));
    mkdirSync(path.join(folder, 'venv'));
    for (const name of ['none', 'venv']) {
      expect(readEnvFile(path.join(folder, name), secrets)).toEqual({ values: {}, warnings: [] });
    }
  });

  it.each([0o644, 0o640, 0o604])('warns of secrets in a file of mode %o', (mode) => {
    const { warnings } = readEnvFile(envFile('INTRA_PASSWORD=hunter2\n', mode), secrets);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`is open to others (mode 0${mode.toString(8)}). Expected 0600`);
    expect(warnings[0]).not.toContain('hunter2');
  });

  it('does not mind who reads what is no secret', () => {
    const { warnings } = readEnvFile(envFile('INTRA_LOGIN=me\n', 0o644), secrets);
    expect(warnings).toEqual([]);
  });

  it('warns of a password that a hash without quotes cuts short, without showing it', () => {
    const { values, warnings } = readEnvFile(envFile('INTRA_PASSWORD=hunter#2\n'), secrets);
    expect(values['INTRA_PASSWORD']).toBe('hunter');
    expect(warnings).toEqual([
      expect.stringMatching(/value of INTRA_PASSWORD ends before its first #.*in quotes/),
    ]);
    expect(warnings.join()).not.toContain('hunter');
  });

  it.each(['INTRA_PASSWORD="hunter#2"', 'INTRA_PASSWORD=hunter2 # mine', '#INTRA_PASSWORD=a#b'])(
    '%s is not cut short',
    (text) => {
      expect(readEnvFile(envFile(text), secrets).warnings).toEqual([]);
    },
  );
});
