import { expect, test } from 'vitest';
import { runService } from '../support/running-service.ts';
import { startNginx } from './nginx.ts';

const post = async (url: string, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"query":"{ __typename }"}',
  });

/** The location of docs/operating.md, for the service at this URL. */
const locationFor = (url: string) => `location /certway/ {
    proxy_pass ${url};
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Host $host;
  }`;

test('behind nginx, clients are told apart, and a forged header changes nothing', async () => {
  const { url, operations } = await runService({
    env: { BASE_PATH: '/certway', TRUST_PROXY: '1', RATE_LIMIT_PER_MINUTE: '1' },
  });
  const nginx = await startNginx(`server { listen PORT; ${locationFor(url)} }`);
  const forged = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'evil.example' };
  const statuses: number[] = [];
  for (const headers of [forged, { ...forged, 'x-forwarded-for': '198.51.100.7' }])
    statuses.push((await post(`${nginx}/certway/graphql`, headers)).status);
  expect(statuses).toEqual([200, 429]);
  expect(operations).toMatchObject([{ address: '127.0.0.1' }]);
});

test('behind two proxies, the client is the one that the first of them has seen', async () => {
  const { url, operations } = await runService({
    env: { BASE_PATH: '/certway', TRUST_PROXY: '127.0.0.0/30' },
  });
  const inner = await startNginx(`server { listen PORT; ${locationFor(url)} }`);
  const outer = await startNginx(`server { listen PORT; location / {
    proxy_pass ${inner};
    proxy_bind 127.0.0.3;
    proxy_set_header X-Forwarded-For "$http_x_forwarded_for, 192.0.2.1";
  } }`);
  const response = await post(`${outer}/certway/graphql`, { 'x-forwarded-for': '203.0.113.9' });
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  expect(operations).toMatchObject([{ address: '192.0.2.1' }]);
});
