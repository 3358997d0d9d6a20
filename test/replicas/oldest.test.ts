import { UpdateClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { COUNT, page, until } from '../support/sharing.ts';
import { described, startWorld } from './frozen.ts';
import { storedAnswers } from './stored-answers.ts';

const TTL_MS = 3_600_000;

const costing = (made: number, reused: number) => ({ extensions: { cost: { awsCalls: { made, reused } } } });

test('what is put together from pages is as old as the oldest of them', async () => {
  const { a, b, redis, passForAll } = await startWorld({ CACHE_TTL_MS: `${TTL_MS}` }, { certificates: 600 });
  await a.query(page(500));
  await storedAnswers(redis);
  await passForAll(0.9 * TTL_MS);
  expect(await b.query(COUNT)).toMatchObject(costing(1, 1)); // the first page was told, AWS is asked for the second
  await storedAnswers(redis, 2);
  await passForAll(0.2 * TTL_MS);
  expect(await b.query(COUNT)).toMatchObject(costing(1, 1)); // the other way round
});

test('an answer from a time that is yet to come, by a clock that was set back, counts for nobody and is replaced', async () => {
  const { a, b, client, redis, calls, fail, pass } = await startWorld({ CACHE_TTL_MS: `${TTL_MS}` });
  for (const one of [a, b]) expect(await described(one)).toBeNull();
  const [key = ''] = await storedAnswers(redis);
  const later = Number(await redis.command('HINCRBY', key, 'at', `${TTL_MS}`));
  await pass(TTL_MS);
  await client.send(
    new UpdateClientCertificateCommand({
      clientCertificateId: 'c001',
      patchOperations: [{ op: 'replace', path: '/description', value: 'new' }],
    }),
  );
  calls.length = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  fail(() => ({ kind: 'held', until: promise }));
  const asking = [described(a)];
  await until(() => expect(calls).toHaveLength(1));
  asking.push(described(b)); // which waits for the answer that the other gets
  await until(async () => {
    await b.pass(20);
    expect(await b.metrics.text()).toMatch(/^certway_shared_cache_reads_total\{outcome="busy"\} [2-9]/m);
  });
  resolve();
  await until(async () => expect(Number(await redis.command('HGET', key, 'at'))).toBeLessThan(later));
  await b.pass(20);
  expect(await Promise.all(asking)).toEqual(['new', 'new']);
  expect(calls).toHaveLength(1);
});

test('a lease from a time that is yet to come keeps nobody waiting, though nobody ends it', async () => {
  const { a, b, redis, calls } = await startWorld();
  await described(a);
  const [key = ''] = await storedAnswers(redis);
  const inAnHour = Number(await redis.command('HGET', key, 'at')) + TTL_MS;
  await redis.command('DEL', key);
  await redis.command('SET', key.replace(':answer:', ':lease:'), `${inAnHour} of another`);
  calls.length = 0;
  const asking = described(b);
  await until(() => expect(calls).toHaveLength(1));
  expect(await asking).toBeNull();
});
