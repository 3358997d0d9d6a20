import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { listen, stop } from '../emulator/support.ts';
import { startService } from '../support/service.ts';

test('an event stream is streamed, with each header once, and Node writes the header of the connection', async () => {
  const { server } = await startService();
  const http = createServer(server.listener);
  onTestFinished(() => stop(http));
  const response = await fetch(`${await listen(http)}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', connection: 'close' },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  expect(response.headers.get('cache-control')).toBe('no-cache');
  expect(response.headers.has('content-length')).toBe(false);
  expect(response.headers.get('connection')).toBe('close');
  expect(await response.text()).toContain('event: next\ndata: {"data":{"__typename":"Query"}}');
});
