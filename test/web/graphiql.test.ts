import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { parse, print, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createApiKey } from '../../src/auth/api-key.ts';
import { exampleCertificates } from '../../src/emulator/examples.ts';
import { createSchema } from '../../src/graphql/schema/index.ts';
import { EXAMPLE_OPERATIONS } from '../../src/web/example-operations.ts';
import { createInProcess, createParts, startService } from '../support/service.ts';

const schema = createSchema();

/** One service for all tests of the page, so that it is made once; AWS is not called. */
const { server } = await createParts();

const get = async (headers: Record<string, string> = {}) =>
  server.fetch('http://localhost/graphql', { headers: { accept: 'text/html,*/*;q=0.8', ...headers } });

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

test('a browser that opens the endpoint gets GraphiQL with the example operations as its tabs', async () => {
  const response = await get();
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const html = await response.text();
  expect(html).toContain('<title>Certway</title>');
  for (const operation of EXAMPLE_OPERATIONS) expect(html).toContain(JSON.stringify(operation));
});

test('the first tab has the first query of the README', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const [, start = ''] = /```graphql\n(.+?)```/s.exec(readme) ?? [];
  const [first = ''] = EXAMPLE_OPERATIONS;
  const withoutName = (text: string) => print(parse(text)).replace(/^(query \w+ )?/, '');
  expect(withoutName(first)).toBe(withoutName(start));
});

test.each<[label: string, env: Record<string, string>]>([
  ['API key', { AUTH: 'api-key', API_KEYS: createApiKey('portal').entry }],
  [
    'Bearer token',
    {
      AUTH: 'jwt',
      JWT_ISSUER: 'https://issuer.example.com/',
      JWT_AUDIENCE: 'certway',
      JWT_JWKS_URL: 'https://issuer.example.com/jwks.json',
    },
  ],
])('with authentication, the page has a field for credentials: %s', async (label, env) => {
  const { server } = await createInProcess({ env });
  const response = await server.fetch('http://localhost/graphql', { headers: { accept: 'text/html' } });
  expect(response.status).toBe(200);
  expect(await response.text()).toContain(`<label for="credential">${label}</label>`);
  expect(await (await get()).text()).not.toContain('<label for="credential">');
});

test.each(['gzip', 'br, gzip', 'gzip;q=0.5, identity'])('the page is compressed for %s', async (accepted) => {
  const response = await get({ 'accept-encoding': accepted });
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(response.headers.get('vary')).toBe('accept, accept-encoding');
  const [gzipped, html] = [await bytesOf(response), await bytesOf(await get())];
  expect(gunzipSync(gzipped).equals(html)).toBe(true);
  expect(gzipped.length).toBeLessThan(html.length / 3);
});

test.each(['', 'identity', 'br', 'br, gzip;q=0', 'gzip; q=0.0, br'])(
  'the page is not compressed for "%s"',
  async (accepted) => {
    const response = await get({ 'accept-encoding': accepted });
    expect(response.headers.get('content-encoding')).toBe(null);
    expect(response.headers.get('vary')).toBe('accept, accept-encoding');
    expect((await bytesOf(response)).subarray(0, 40).toString()).toContain('<!doctype html>');
  },
);

test('a browser with the cached page gets a 304', async () => {
  const { headers } = await get({ 'accept-encoding': 'gzip' });
  const etag = headers.get('etag') ?? '';
  expect(etag).toMatch(/^W\/".{43}"$/);
  expect(headers.get('cache-control')).toBe('no-cache');
  for (const known of [etag, `"other", ${etag}`, etag.replace('W/', '')]) {
    const response = await get({ 'if-none-match': known });
    expect(response.status).toBe(304);
    expect(response.headers.get('etag')).toBe(etag);
    expect(await bytesOf(response)).toHaveLength(0);
  }
  expect((await get({ 'if-none-match': 'W/"other"' })).status).toBe(200);
});

test('the page loads nothing else', async () => {
  const html = await (await get()).text();
  const tags =
    html.replaceAll(/(?<=<(script|style)\b[^>]*>).*?(?=<\/\1>)/gs, '').match(/<[a-z][^>]*>/g) ?? [];
  expect(tags.length).toBeGreaterThan(5);
  const urls = tags.flatMap((tag) =>
    Array.from(tag.matchAll(/\s(?:src|srcset|href|data|poster)\s*=\s*["']?([^"'\s>]+)/gi), ([, url]) => url),
  );
  expect(urls.filter((url) => !url?.startsWith('data:'))).toEqual([]);
  const styles = Array.from(html.matchAll(/<style\b[^>]*>(.*?)<\/style>/gs), ([, css]) => css).join('\n');
  expect(styles.length).toBeGreaterThan(100_000);
  expect(styles).not.toMatch(/@import/i);
  const inStyles = Array.from(styles.matchAll(/\burl\(\s*["']?([^"')]{1,40})/gi), ([, url]) => url);
  expect(inStyles.filter((url) => !/^(data:|#)/.test(url ?? ''))).toEqual([]);
});

test.each(['application/json', '*/*', 'application/graphql-response+json'])(
  'a client that accepts %s does not get the page',
  async (accept) => {
    const response = await server.fetch('http://localhost/graphql?query={__typename}', {
      headers: { accept },
    });
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  },
);

describe('the example operation', () => {
  const named = EXAMPLE_OPERATIONS.map((operation) => {
    const [, name = ''] = /^(?:query|mutation) (\w+)/m.exec(operation) ?? [];
    return { name, operation };
  });

  const ANSWERS: Record<string, object> = {
    WhatExpiresNext: {
      clientCertificates: {
        nodes: ['EXPIRED', 'EXPIRING', 'EXPIRING'].map((status) => ({ status })),
      },
    },
    List: { clientCertificates: { edges: { length: 5 }, pageInfo: { hasNextPage: false } } },
    LookUp: { clientCertificate: { description: 'Payments backend', team: 'payments' } },
    Generate: { generateClientCertificate: { clientCertificate: { description: 'Made in GraphiQL' } } },
    HowMany: {
      all: { totalCount: 5 },
      valid: { totalCount: 2 },
      expiring: { totalCount: 2 },
      expired: { totalCount: 1 },
    },
    WhoIsServed: {
      accountRegions: [{ account: null, accountId: null, region: 'us-east-1', unavailable: null }],
      clientCertificates: {
        nodes: ['a1b2c3', 'd4e5f6', 'g7h8i9', 'j1k2l3', 'm4n5o6'].map((clientCertificateId) => ({
          clientCertificateId,
          account: null,
          region: 'us-east-1',
        })),
        unavailable: [],
      },
    },
    WhichStages: { apiStages: { nodes: [], index: { complete: false } } }, // nothing is read in tests
    PlanReplacement: { replaceClientCertificate: { outcomes: [], remaining: 0 } },
    WhoseAreThey: { clientCertificates: { totalCount: 2, nodes: { length: 2 } } },
    WhatToTrust: {
      trustBundle: {
        clientCertificates: [{ clientCertificateId: 'g7h8i9' }, { clientCertificateId: 'a1b2c3' }],
      },
    },
  };

  test('is one of the known examples', () => {
    expect(named.map(({ name }) => name)).toEqual(Object.keys(ANSWERS));
  });

  test.each(named)('$name is valid', ({ operation }) => {
    const document = parse(operation);
    expect(document.definitions).toHaveLength(1);
    expect(validate(schema, document)).toEqual([]);
  });

  test.each(named)('$name works on the example certificates', async ({ name, operation }) => {
    const { query } = await startService({ emulator: { examples: exampleCertificates(new Date()) } });
    const { data, errors } = await query(operation);
    expect(errors).toBe(undefined);
    expect(data).toMatchObject(ANSWERS[name] ?? {});
  });
});
