import { once } from 'node:events';
import { mkdir, rename, symlink, unlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { localhostIdentity } from '../emulator/backend.ts';
import { createIdentity } from '../support/identities.ts';
import { AUTHORITY, ask, runTlsService, shownBy } from './tls-support.ts';

const next = (name: string) => createIdentity({ name, issuer: AUTHORITY });

test('with a certificate and its key the service speaks HTTPS', async () => {
  const { url, open } = await runTlsService();
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const socket = await open();
  expect(await ask(socket, '/health')).toMatchObject({ status: 200 });
  expect(await ask(socket, '/graphql', '{ __typename }')).toMatchObject({
    status: 200,
    body: '{"data":{"__typename":"Query"}}',
  });
});

test('new files are used for new connections, and open connections go on', async () => {
  const { open, write, check, log } = await runTlsService();
  const before = await open();
  expect(shownBy(before)).toBe('first');
  await write(next('second'));
  check();
  expect(shownBy(await open())).toBe('second');
  expect(await ask(before, '/health')).toMatchObject({ status: 200, connection: 'keep-alive' });
  expect(log).toMatchObject([{ level: 'info', msg: 'TLS_CERT_FILE, TLS_KEY_FILE: the new file is used' }]);
});

test('a folder that is replaced by its symbolic link is noticed, as Kubernetes replaces secrets', async () => {
  const { folder, files, open, check } = await runTlsService();
  const put = async (version: string) => {
    const { cert, key } = next(version);
    await mkdir(join(folder, version));
    await writeFile(join(folder, version, 'tls.crt'), cert);
    await writeFile(join(folder, version, 'tls.key'), key);
    await symlink(version, join(folder, '..data_tmp'));
    await rename(join(folder, '..data_tmp'), join(folder, '..data'));
  };
  await put('v1');
  for (const [file, name] of [
    [files.cert, 'tls.crt'],
    [files.key, 'tls.key'],
  ] as const) {
    await unlink(file);
    await symlink(join('..data', name), file);
  }
  check();
  expect(shownBy(await open())).toBe('v1');
  await put('v2');
  check();
  expect(shownBy(await open())).toBe('v2');
});

test.each<[string, string, string]>([
  ['cert', 'rubbish', 'TLS_CERT_FILE: cannot be used: it has no certificate in PEM'],
  ['key', 'rubbish', 'TLS_KEY_FILE: cannot be used: it has no private key in PEM'],
  ['key', next('other').key, 'TLS_KEY_FILE: cannot be used: it is not the key of the certificate'],
  [
    'key',
    (await localhostIdentity()).key,
    'TLS_KEY_FILE: cannot be used: it is not the key of the certificate',
  ],
  ['cert', '', 'TLS_CERT_FILE: cannot be used: it has no certificate in PEM'],
])(
  'a new %s that cannot be used is refused with one line, and the old one stays',
  async (which, text, reason) => {
    const { files, open, write, check, log } = await runTlsService();
    await writeFile(which === 'cert' ? files.cert : files.key, text);
    check();
    check();
    expect(log).toEqual([
      {
        level: 'error',
        reason,
        msg: 'TLS_CERT_FILE, TLS_KEY_FILE: the new file is refused, the old stays',
      },
    ]);
    expect(shownBy(await open())).toBe('first');
    await write(next('mended'));
    check();
    expect(shownBy(await open())).toBe('mended');
  },
);

test('a file that is gone for a while changes nothing', async () => {
  const { files, open, write, check, log } = await runTlsService();
  await unlink(files.key);
  check();
  check();
  expect(log).toHaveLength(1);
  expect(JSON.stringify(log)).toContain('ENOENT');
  expect(shownBy(await open())).toBe('first');
  await write(next('back'));
  check();
  expect(shownBy(await open())).toBe('back');
});

test('the service stops although connections have not finished their handshake, and answers those that have', async () => {
  const { port, open, stop } = await runTlsService();
  const silent = connect(port, '127.0.0.1');
  onTestFinished(() => void silent.destroy());
  await once(silent, 'connect');
  const idle = await open();
  expect(await ask(idle, '/health')).toMatchObject({ status: 200 });
  await stop();
});

test('plain HTTP on the port of TLS gets no answer', async () => {
  const { port } = await runTlsService();
  await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow('fetch failed');
});

test.each([
  [{ TLS_KEY_FILE: '' }, 'TLS_KEY_FILE: expected a file, since TLS_CERT_FILE is one; got none'],
  [{ TLS_CERT_FILE: '' }, 'TLS_CERT_FILE: expected a file, since TLS_KEY_FILE is one; got none'],
  [{ TLS_CERT_FILE: '/nowhere/tls.crt' }, /^TLS_CERT_FILE: cannot be used: ENOENT/],
  [{ AUTH: 'mtls' }, /^TLS_CLIENT_CA_FILE: expected text, since AUTH is mtls; got none$/],
])('%j is refused at the start', async (env, complaint) => {
  await expect(runTlsService(env)).rejects.toThrow(complaint);
});
