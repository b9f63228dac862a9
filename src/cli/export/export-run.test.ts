import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { answer, exportTo, otherAnswer, runOf } from '../../../test/cli/export-setting.js';
import { failure, response } from '../../../test/store/outcomes.js';
import type { Outcome } from '../../request/request.js';

const alice = { id: 1, login: 'alice', campus: [{ name: 'Berlin' }], level: 4.2, active: true };
const bob = { id: 2, login: 'bob', campus: [], level: 7, staff: false };
const users = [answer(0, alice), failure(1), answer(2, bob)];

describe('bodies as they are', () => {
  it('are lines of JSON, in the order of the requests', async () => {
    const { data, lines } = await exportTo(users, { format: 'jsonl' });
    expect(data).toBe(`${JSON.stringify(alice)}\n${JSON.stringify(bob)}\n`);
    expect(lines).toEqual(['Wrote 2 rows of 2 answers.']);
  });

  it('are a JSON array', async () => {
    const { data } = await exportTo(users, { format: 'json' });
    expect(data).toBe(`[\n${JSON.stringify(alice)},\n${JSON.stringify(bob)}\n]\n`);
    expect(JSON.parse(data)).toEqual([alice, bob]);
  });

  it('keep every digit, and stay on one line', async () => {
    const body = '{\n  "id": 12345678901234567890,\r\n  "share": 1.0,\n  "far": 1e400\n}\n';
    const { data } = await exportTo([response(0, { body: Buffer.from(`\uFEFF${body}`) })], {
      format: 'jsonl',
    });
    expect(data).toBe('{   "id": 12345678901234567890,   "share": 1.0,   "far": 1e400 } \n');
  });

  it('are strings where they are no JSON, and base64 where they are no text', async () => {
    const outcomes = [
      otherAnswer(0, 'a "text"\n'),
      otherAnswer(1, Uint8Array.of(0xff, 0)),
      otherAnswer(2, ''),
      answer(3, 'JSON'),
    ];
    const { data, lines } = await exportTo(outcomes, { format: 'jsonl' });
    expect(data).toBe('"a \\"text\\"\\n"\n"/wA="\n""\n"JSON"\n');
    expect(lines).toEqual([
      'Wrote 4 rows of 4 answers.',
      'Note: 1 body is neither JSON nor text: written as base64.',
    ]);
  });

  it('are taken apart where they are lists', async () => {
    const pages = [
      answer(0, { data: [{ id: 1 }, [2]] }),
      answer(1, { data: [] }),
      answer(2, { data: { id: 3 } }),
      otherAnswer(3, 'no list'),
      response(4, { body: Buffer.from('{"data":[12345678901234567890]}') }),
    ];
    const { data, lines } = await exportTo(pages, { format: 'jsonl', each: 'data' });
    expect(data).toBe('{"id":1}\n[2]\n12345678901234567890\n');
    expect(lines).toEqual([
      'Wrote 3 rows of 5 answers, 2 skipped.',
      'Note: 2 bodies are without a list where --each says, and skipped.',
    ]);
  });
});

describe('chosen columns', () => {
  const select = 'nr=@id,login,campus=campus[0].name,level,@at,staff';

  it('make objects in JSON, with null where there is nothing', async () => {
    const { data } = await exportTo(users, { format: 'jsonl', select });
    expect(data.trimEnd().split('\n')).toEqual([
      '{"nr":0,"login":"alice","campus":"Berlin","level":4.2,"at":"2026-11-24T00:00:00.000Z","staff":null}',
      '{"nr":2,"login":"bob","campus":null,"level":7,"at":"2026-11-24T00:00:00.002Z","staff":false}',
    ]);
  });

  it('make a table in CSV, with empty cells where there is nothing', async () => {
    const { data } = await exportTo(users, { format: 'csv', select });
    expect(data).toBe(
      'nr,login,campus,level,at,staff\r\n' +
        '0,alice,Berlin,4.2,2026-11-24T00:00:00.000Z,\r\n' +
        '2,bob,,7,2026-11-24T00:00:00.002Z,false\r\n',
    );
  });

  it('hold everything that is known of an answer', async () => {
    const one = answer(7, {}, { key: 'k', attempts: 3, status: 201, durationMs: 12 });
    const facts = '@id,@method,@url,@key,@status,@attempts,@app,@ms';
    const { data } = await exportTo([one], { format: 'csv', select: facts });
    expect(data.split('\r\n')[1]).toBe('7,GET,https://api.example/v2/users/7,k,201,3,40001,12');
  });

  it('hold nested values as JSON, and whole numbers to the digit', async () => {
    const body = Buffer.from('{"a":{"b":[12345678901234567890]},"n":12345678901234567890}');
    const options = { select: 'a,n,.' };
    const csv = await exportTo([response(0, { body })], { ...options, format: 'csv' });
    expect(parse(csv.data)).toEqual([
      ['a', 'n', 'body'],
      ['{"b":[12345678901234567890]}', '12345678901234567890', body.toString()],
    ]);
    const json = await exportTo([response(0, { body })], { ...options, format: 'jsonl' });
    expect(json.data).toBe(
      `{"a":{"b":[12345678901234567890]},"n":12345678901234567890,"body":${body.toString()}}\n`,
    );
  });

  it('show a whole body that is a mere text as that text', async () => {
    const outcomes = [answer(0, 'a'), otherAnswer(1, 'b'), answer(2, null), answer(3, [1])];
    const { data } = await exportTo(outcomes, { format: 'csv', select: '@id,.' });
    expect(data).toBe('id,body\r\n0,a\r\n1,b\r\n2,\r\n3,[1]\r\n');
  });

  it('say how many bodies the paths found nothing in, and which columns are empty', async () => {
    const outcomes = [answer(0, alice), otherAnswer(1, '<html>'), otherAnswer(2, '')];
    const { data, lines } = await exportTo(outcomes, { format: 'csv', select: '@id,login,levle' });
    expect(data).toBe('id,login,levle\r\n0,alice,\r\n1,,\r\n2,,\r\n');
    expect(lines).toEqual([
      'Wrote 3 rows of 3 answers.',
      'Note: 2 bodies are no JSON: paths find nothing there.',
      'Note: no row has a value for "levle".',
    ]);
  });

  it('begin at the elements of a list, beside what is known of the answer', async () => {
    const pages = [answer(0, [{ login: 'a' }, { login: 'b' }]), answer(1, [5])];
    const { data } = await exportTo(pages, { format: 'csv', select: '@id,login,.', each: '.' });
    expect(data).toBe(
      'id,login,body\r\n0,a,"{""login"":""a""}"\r\n0,b,"{""login"":""b""}"\r\n1,,5\r\n',
    );
  });
});

describe('all fields', () => {
  it('are the columns of CSV unless others are chosen, also those that come late', async () => {
    const { data } = await exportTo(users, { format: 'csv' });
    expect(data).toBe(
      'id,login,campus,level,active,staff\r\n' +
        '1,alice,"[{""name"":""Berlin""}]",4.2,true,\r\n' +
        '2,bob,[],7,,false\r\n',
    );
  });

  it('can stand beside other columns, in any format', async () => {
    const outcomes = [answer(3, { a: 1 }), answer(4, { b: 2 })];
    const options = { format: 'jsonl', select: 'nr=@id,*,again=a' } as const;
    expect((await exportTo(outcomes, options)).data).toBe(
      '{"nr":3,"a":1,"b":null,"again":1}\n{"nr":4,"a":null,"b":2,"again":null}\n',
    );
  });

  it('do not share a name with another column', async () => {
    await expect(exportTo(users, { format: 'csv', select: '@id,*' })).rejects.toMatchObject({
      code: 'HYDRA_EXPORT',
      message: expect.stringContaining('got two named "id"'),
    });
  });

  it('may have any name', async () => {
    const body = Buffer.from('{"__proto__":1,"a,b":"=1+1","":"x","constructor":null}');
    const { data } = await exportTo([response(0, { body })], { format: 'csv' });
    expect(data).toBe('__proto__,"a,b","",constructor\r\n1,=1+1,x,\r\n');
  });

  it('are none in lists: says what to do', async () => {
    const lists = [answer(0, [alice]), answer(1, [bob])];
    await expect(exportTo(lists, { format: 'csv' })).rejects.toMatchObject({
      code: 'HYDRA_EXPORT',
      message: expect.stringContaining(
        'got none in 2: choose columns with --select, or make a row of each element of a list with --each',
      ),
    });
    const { lines } = await exportTo([...lists, answer(2, bob)], { format: 'csv' });
    expect(lines).toContain(
      'Note: 2 bodies are a list, which has no fields: --each . makes a row of each element.',
    );
    const { data } = await exportTo(lists, { format: 'csv', each: '.' });
    expect(data.split('\r\n')).toHaveLength(4);
  });

  it('are refused when they are so many that they must be data', async () => {
    const named = Array.from({ length: 30 }, (_, id) =>
      answer(id, Object.fromEntries(Array.from({ length: 100 }, (__, at) => [`u${id}-${at}`, 1]))),
    );
    await expect(exportTo(named, { format: 'csv' })).rejects.toMatchObject({
      code: 'HYDRA_EXPORT',
      message: expect.stringContaining('at most 2000 different fields'),
    });
  });

  it('that came new since the first reading are left out, and it says so', async () => {
    let readings = 0;
    const run = runOf(() => [
      answer(0, { a: 1 }),
      ...(readings++ ? [answer(1, { a: 2, b: 3 })] : []),
    ]);
    const { data, lines } = await exportTo(run, { format: 'csv' });
    expect(data).toBe('a\r\n1\r\n2\r\n');
    expect(lines).toContain(
      'Note: the run went on meanwhile, from 1 to 2: fields that came new are left out.',
    );
  });
});

describe('failures', () => {
  it('are exported in place of the answers, if asked', async () => {
    const { data, lines } = await exportTo([...users, failure(3)], {
      format: 'csv',
      failures: true,
    });
    const [head, first] = parse(data);
    expect(head?.join()).toBe('id,method,url,status,attempts,at,code,message');
    expect(first).toEqual([
      '1',
      'GET',
      'https://api.example/v2/users/1',
      '500',
      '3',
      '2026-11-24T00:00:00.001Z',
      'HYDRA_HTTP_STATUS',
      'The server answered 500, after 3 attempts.',
    ]);
    expect(lines).toEqual(['Wrote 2 rows of 2 failures.']);
  });

  it('are objects in JSON, with the columns that are chosen', async () => {
    const options = { format: 'json', failures: true, select: '@id,@app,@code' } as const;
    const { data } = await exportTo(users, options);
    expect(JSON.parse(data)).toEqual([{ id: 1, app: '40001', code: 'HYDRA_HTTP_STATUS' }]);
  });
});

describe('an empty run', () => {
  const nothing: readonly Outcome[] = [];

  it.each([
    ['json', {}, '[]\n'],
    ['jsonl', {}, ''],
    ['csv', { select: '@id,login' }, 'id,login\r\n'],
    ['csv', {}, ''],
    ['csv', { failures: true }, 'id,method,url,status,attempts,at,code,message\r\n'],
  ] as const)('is an empty %s with %j, and a word', async (format, options, expected) => {
    const { data, lines } = await exportTo(nothing, { format, ...options });
    expect(data).toBe(expected);
    const what = 'failures' in options ? 'failures' : 'answers';
    expect(lines).toEqual([`There is nothing to export: the run has no ${what}.`]);
  });
});
