import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder, run } from '../support/process.ts';

test.for([
  ['an exception', "throw new TypeError('made by a test')"],
  ['a rejection', "void Promise.reject(new TypeError('made by a test'))"],
])('%s without a handler ends the process, exit 1, with a line in the log', async ([, statement]) => {
  const preload = join(await emptyFolder(), 'preload.mjs');
  await writeFile(preload, `process.on('SIGUSR2', () => setTimeout(() => { ${statement}; }, 1));\n`);
  const service = await run([], {}, ['--import', preload]);
  await service.printed(/http:\S+\/graphql$/m);
  service.child.kill('SIGUSR2');
  const { code, stdout, stderr } = await service.end();
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const line = stdout.split('\n').find((text) => text.includes('uncaught exception')) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({
    level: 'fatal',
    msg: 'uncaught exception',
    err: { type: 'TypeError', message: 'made by a test', stack: expect.stringContaining('preload.mjs') },
  });
});
