import { expect, test } from 'vitest';
import { update } from '../support/sharing.ts';
import { replace, startCrawling } from './crawling.ts';
import { startRedis } from './redis-server.ts';
import { storedAnswers } from './stored-answers.ts';

/** What differs with every run. */
const VARYING: [RegExp, string][] = [
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UUID'],
  [/\b1\d{12}\b/g, 'MS'],
  [/\b2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z\b/g, 'DATE'],
  [/-----BEGIN[^"]*-----END CERTIFICATE-----(?:\\n)*/g, 'PEM'],
  [/^[\w-]{43}$/g, 'DIGEST'],
];

const plain = (text: string) => VARYING.reduce((all, [what, by]) => all.replace(what, by), text);

/** How keys of a type are read that are no plain text: in pairs. */
const READ: Record<string, [command: string, ...args: string[]]> = {
  hash: ['HGETALL'],
  zset: ['ZRANGE', '0', '-1', 'WITHSCORES'],
};

/** What is there for longer than some seconds. */
async function storedIn({ command }: Awaited<ReturnType<typeof startRedis>>) {
  const stored: Record<string, unknown> = {};
  const keys = (await command('KEYS', '*')) as string[];
  for (const key of keys.filter((key) => !/:(?:probe|crawl)$/.test(key))) {
    const [read = 'GET', ...args] = READ[String(await command('TYPE', key))] ?? [];
    const texts = [await command(read, key, ...args)].flat().map((text) => plain(String(text)));
    const pairs = texts.flatMap((name, i) => (i % 2 === 0 ? [[name, texts[i + 1]]] : []));
    stored[plain(key)] = read === 'GET' ? texts[0] : Object.fromEntries(pairs);
  }
  return stored;
}

const CERTIFICATE = '"createdDate":MS,"expirationDate":MS,"pemEncodedCertificate":"PEM"';

/** Where this has to change, `FORMAT` in src/replicas/keys.ts grows: releases of another form must not read it. */
const STORED = {
  '{certway:1}:version': 'UUID',
  '{certway:1}:epochs': {
    '*': 'UUID',
    'client-certificates us-east-1': 'UUID',
    'stages us-east-1': 'UUID',
  },
  '{certway:1:us-east-1}:answer:UUID:page 500 ': {
    at: 'MS',
    hash: 'DIGEST',
    text: `{"items":[{"clientCertificateId":"c000","description":"text",${CERTIFICATE}},{"clientCertificateId":"c001",${CERTIFICATE}},{"clientCertificateId":"c002",${CERTIFICATE}}]}`,
  },
  '{certway:1}:facts:us-east-1': expect.objectContaining({
    '1 WEBSOCKET': 'MS UUID {"kind":"apis","protocol":"WEBSOCKET","apis":[]}',
    '2 REST r000':
      'MS UUID {"kind":"stages","api":{"apiId":"r000","name":"r000","protocol":"REST"},"stages":[{"name":"prod","certificateReference":"c000","lastUpdatedDate":"DATE"}]}',
    '4 REST r000 prod':
      'MS UUID {"kind":"stage","api":{"apiId":"r000","name":"r000","protocol":"REST"},"name":"prod","facts":{"name":"prod","certificateReference":"c001","lastUpdatedDate":"DATE"}}',
  }),
  '{certway:1}:order:us-east-1': expect.objectContaining({
    '1 WEBSOCKET': 'MS',
    '2 REST r000': 'MS',
    '4 REST r000 prod': 'MS',
  }),
};

test('what is stored has the form that the number in its keys stands for', async () => {
  const redis = await startRedis();
  const { replicas, pass } = await startCrawling(redis.url, 1);
  await pass(30_000);
  const [a] = replicas;
  await a?.query(update('c000', 'text'));
  await replace(a, 'c000', 'c001');
  await storedAnswers(redis);
  expect(await storedIn(redis)).toEqual(STORED);
});
