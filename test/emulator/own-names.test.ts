import { expect, test } from 'vitest';
import { backendUrl } from '../../src/emulator/execution/backend-request.ts';
import { matchPath } from '../../src/emulator/execution/match.ts';
import { emulate } from './support.ts';

const INHERITED = ['constructor', 'toString', '__proto__'];

test.each(INHERITED)('%s is no method unless it was made', async (name) => {
  const { http } = await emulate({ restApis: [{ id: 'r1' }] });
  const path = `/restapis/r1/resources/r1root/methods/${name}`;
  const notFound = { status: 404, body: { message: 'Invalid Method identifier specified' } };
  const integration = { method: 'PUT', body: '{"type":"MOCK"}' };
  expect(await http(`${path}/integration`, integration)).toMatchObject(notFound);
  expect(await http(path, { method: 'POST', body: '{}' })).toMatchObject(notFound);
});

test.each(INHERITED)('a variable %s is removed only if the stage has it', async (name) => {
  const { http } = await emulate({
    restApis: [{ id: 'r1', stages: [{ stageName: 'prod', variables: { a: '1' } }] }],
  });
  const patch = (op: string) =>
    http('/restapis/r1/stages/prod', {
      method: 'PATCH',
      body: JSON.stringify({ patchOperations: [{ op, path: `/variables/${name}`, value: 'x' }] }),
    });
  expect(await patch('remove')).toMatchObject({ status: 400 });
  expect(Object.entries((await patch('replace')).body.variables)).toEqual([
    ['a', '1'],
    [name, 'x'],
  ]);
  expect((await patch('remove')).body.variables).toEqual({ a: '1' });
});

const REQUEST = { method: 'GET', headers: {}, search: '', body: Buffer.alloc(0) };

test.each(INHERITED)('%s is in the URI of a backend only if it has a value', (name) => {
  const uri = `http://localhost/a${'$'}{stageVariables.${name}}/{${name}}/{mapped}`;
  const requestParameters = { 'integration.request.path.mapped': `method.request.path.${name}` };
  const pathFor = (stageVariables: Record<string, string>, path: string) => {
    const { parameters = {} } = matchPath([{ id: 'x', path: `/{${path}}` }], '/b') ?? {};
    const url = backendUrl({ uri, requestParameters }, { ...REQUEST, stageVariables, parameters });
    return decodeURI(url?.pathname ?? '');
  };
  expect(pathFor({}, 'other')).toBe(`/a/{${name}}/{mapped}`);
  expect(pathFor(Object.fromEntries([[name, '1']]), name)).toBe('/a1/b/b');
});
