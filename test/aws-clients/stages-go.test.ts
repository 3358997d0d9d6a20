import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startBackend } from '../emulator/backend.ts';
import { emptyFolder } from '../support/process.ts';
import { emulateCounting, start } from './support.ts';

test('the SDK for Go makes, changes, calls and deletes APIs and stages', async () => {
  const folder = await emptyFolder();
  const program = join(folder, 'calls');
  const build = start(
    '/usr/bin/go',
    'golang-go, and golang-github-aws-aws-sdk-go-v2-dev,',
    ['build', '-o', program, `${import.meta.dirname}/go/calls.go`],
    { GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOCACHE: join(folder, 'cache') },
  );
  expect(await build.ended).toEqual({ code: 0, stderr: '' });

  const backend = await startBackend();
  const { url, operations } = await emulateCounting({
    examples: ['a', 'b'].map((id) => ({ id, createdDate: new Date() })),
    backendCa: backend.ca,
  });
  const { child, ended } = start(program, 'golang-go', [url, backend.url]);
  const [stdout, end] = await Promise.all([text(child.stdout), ended]);
  expect(end).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n')).toEqual([
    'apis 1',
    'path /orders',
    'deployments 1',
    'certificate a a',
    'certificate  ',
    'stages 1',
    'invoked 201',
    'error true Invalid stage identifier specified',
    'apis 1',
    'certificate b b',
    'certificate  ',
    'stages 1',
    'error true Invalid stage identifier specified',
    '',
  ]);
  expect(backend.seen).toHaveLength(1);
  expect(new Set(operations).size).toBe(25);
});
