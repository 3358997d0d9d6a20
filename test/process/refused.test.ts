import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listen, stop } from '../emulator/support.ts';
import { freePort } from '../support/free-port.ts';
import { emptyFolder, run } from '../support/process.ts';

/** A port that is in use. */
async function takenPort(): Promise<string> {
  const server = createServer();
  const url = await listen(server);
  onTestFinished(() => stop(server));
  return new URL(url).port;
}

async function fileOf(content: string): Promise<string> {
  const path = join(await emptyFolder(), 'file');
  await writeFile(path, content);
  return path;
}

describe('a failed start says why in one line, and exits 1:', () => {
  const cases: [
    why: string,
    env: () => Promise<Record<string, string>>,
    complaint: RegExp,
    args?: string[],
  ][] = [
    [
      'an unknown argument',
      async () => ({}),
      /^expected "serve" or no argument, "emulator", "api-key NAME", "notify", "check", "--version" or "--help", got "--port 1"\n$/,
      ['--port', '1'],
    ],
    [
      'a long argument, of which the beginning is quoted',
      async () => ({}),
      /^expected "serve" .+, got "-{40}…"\n$/,
      ['-'.repeat(100_000)],
    ],
    [
      'a long argument of api-key',
      async () => ({}),
      /^expected one name .+, got "a{40}…"\n$/,
      ['api-key', 'a'.repeat(100_000)],
    ],
    [
      'PORT is taken',
      async () => ({ PORT: await takenPort() }),
      /^PORT: cannot listen on 127\.0\.0\.1:\d+: another process listens there\n$/,
    ],
    [
      'PORT is that of the emulator',
      async () => {
        const port = `${await freePort()}`;
        return { PORT: port, EMULATOR_PORT: port };
      },
      /^PORT: cannot listen on 127\.0\.0\.1:\d+: the emulator listens on the same port \(EMULATOR_PORT\)\n$/,
    ],
    [
      'EMULATOR_PORT is taken',
      async () => ({ EMULATOR_PORT: await takenPort() }),
      /^EMULATOR_PORT: cannot listen on 127\.0\.0\.1:\d+: another process listens there\n$/,
    ],
    [
      'EMULATOR_PORT is in use, for the emulator alone',
      async () => ({ EMULATOR_PORT: await takenPort() }),
      /^EMULATOR_PORT: cannot .+\n$/,
      ['emulator'],
    ],
    [
      'HOST is not of this machine',
      async () => ({ HOST: '192.0.2.1', ALLOW_UNAUTHENTICATED: 'true' }),
      /^HOST: cannot listen on 192\.0\.2\.1:0: .+\n$/,
    ],
    [
      'HOST is beyond loopback',
      async () => ({ HOST: '0.0.0.0' }),
      /^HOST: expected a loopback address, .+\n$/,
    ],
    [
      'EMULATOR_HOST is not of this machine',
      async () => ({ EMULATOR_HOST: '192.0.2.1' }),
      /^EMULATOR_HOST: cannot listen on 192\.0\.2\.1:0: .+\n$/,
      ['emulator'],
    ],
    [
      'EMULATOR_PATH is in no directory',
      async () => ({ EMULATOR_PATH: join(await emptyFolder(), 'no', 'a.sqlite') }),
      /^EMULATOR_PATH: cannot use ".+" as a database: unable to open database file\n$/,
      ['emulator'],
    ],
    [
      'EMULATOR_PATH is no database',
      async () => ({ EMULATOR_PATH: await fileOf('no database') }),
      /^EMULATOR_PATH: cannot use ".+" as a database: file is not a database\n$/,
      ['emulator'],
    ],
    [
      'EMULATOR_BACKEND_CA is not there',
      async () => ({ EMULATOR_BACKEND_CA: join(await emptyFolder(), 'ca.pem') }),
      /^EMULATOR_BACKEND_CA: cannot use ".+": ENOENT.+\n$/,
      ['emulator'],
    ],
    [
      'EMULATOR_BACKEND_CA is no certificate',
      async () => ({ EMULATOR_BACKEND_CA: await fileOf('no PEM') }),
      /^EMULATOR_BACKEND_CA: cannot use ".+": it has no certificate in PEM\n$/,
      ['emulator'],
    ],
    [
      'AWS without a region',
      async () => ({ UPSTREAM: 'aws' }),
      /^AWS_REGION: expected a region such as us-east-1: Region is missing\n$/,
    ],
    [
      'AWS in an invalid region',
      async () => ({ UPSTREAM: 'aws', AWS_REGION: 'no/where' }),
      /^AWS_REGION: expected a region such as us-east-1: .+\n$/,
    ],
  ];
  test.each(cases)('%s', async (_, env, complaint, args = []) => {
    const end = await (await run(args, await env())).end();
    expect(end).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(complaint) });
  });

  test('invalid settings all at once, one per line', async () => {
    const end = await (await run([], { PORT: 'http', UPSTREAM: 'azure', LOG_LEVEL: 'loud' })).end();
    expect(end).toEqual({
      code: 1,
      stdout: '',
      stderr: [
        'PORT: expected a whole number from 0 to 65535, got "http"',
        'LOG_LEVEL: expected debug or info or warn or error or silent, got "loud"',
        'UPSTREAM: expected emulator or aws, got "azure"',
        '',
      ].join('\n'),
    });
  });
});
