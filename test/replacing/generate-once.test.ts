import {
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
  TagResourceCommand,
} from '@aws-sdk/client-api-gateway';
import { describe, expect, test } from 'vitest';
import { chosen } from '../../src/emulator/errors.ts';
import type { Fault } from '../../src/emulator/fault.ts';
import { globalIdOf, SHORT_CALLS } from '../support/service.ts';
import { denied, failed, throttled, until } from '../support/sharing.ts';
import { DELETE, GENERATE, LIST, MUTATION, startGenerating } from './generate.ts';

const KEY = { idempotencyKey: 'a5e0e6a8-0b4c-4f3f-8f0e-6d5a2b1c9d7e' };

describe('a generate with an idempotency key', () => {
  test('lists, generates, waits until the second is over, and lists again', async () => {
    const { callsOf, generate, made, waits } = await startGenerating();
    const calls = await callsOf(async () => {
      const { data } = await generate({
        ...KEY,
        description: 'New',
        tags: [{ key: 'team', value: 'payments' }],
      });
      expect(data.result).toMatchObject({ generated: true, clientCertificate: { description: 'New' } });
    });
    expect(calls).toEqual([LIST, GENERATE, LIST]);
    expect(waits).toEqual([1500]);
    expect(await made()).toEqual([
      expect.objectContaining({
        tags: {
          team: 'payments',
          'certway:idempotency-key': expect.stringMatching(/^[\w-]{43}$/),
          'certway:request': expect.stringMatching(/^[\w-]{43}$/),
        },
      }),
    ]);
  });

  test('gives the same certificate again, by one call, in whatever order the tags come', async () => {
    const { callsOf, generate, made } = await startGenerating();
    const tags = [
      { key: 'b', value: '2' },
      { key: 'a', value: '1' },
    ];
    const first = await generate({ ...KEY, tags });
    const calls = await callsOf(async () => {
      const again = await generate({ ...KEY, tags: tags.toReversed() });
      expect(again.data.result).toEqual({ ...first.data.result, generated: false });
    });
    expect(calls).toEqual([LIST]);
    expect(await made()).toHaveLength(1);
  });

  test.for([{ description: 'another' }, { tags: [{ key: 'another', value: '' }] }, { replaces: 'c001' }, {}])(
    'is refused with the key of another request: %j',
    async (other) => {
      const { callsOf, generate, made } = await startGenerating();
      await generate({ ...KEY, description: 'first' });
      const [first] = await made();
      const calls = await callsOf(async () => {
        expect((await generate({ ...KEY, ...other })).data.result).toMatchObject({
          __typename: 'InvalidInputError',
          issues: [
            {
              path: ['input', 'idempotencyKey'],
              message: `expected a new key for another description, tags or \`replaces\`, got the one of ${first?.clientCertificateId}`,
            },
          ],
        });
      });
      expect(calls).toEqual([LIST]);
    },
  );

  test('knows the keys of its caller alone', async () => {
    const keys = { a: 'certway_a', b: 'certway_b' };
    const { createHash } = await import('node:crypto');
    const API_KEYS = Object.entries(keys)
      .map(
        ([name, key]) =>
          `${name}=${createHash('sha256').update(key).digest('hex')} client-certificates:read client-certificates:write`,
      )
      .join(',');
    const { post, made } = await startGenerating({ env: { AUTH: 'api-key', API_KEYS } });
    for (const key of [keys.a, keys.b, keys.a])
      await post({ query: MUTATION, variables: { input: KEY } }, { authorization: `Bearer ${key}` });
    expect(await made()).toHaveLength(2);
  });

  test('asked for many times at once, generates once', async () => {
    const { callsOf, generate, made } = await startGenerating();
    const calls = await callsOf(async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => generate(KEY)));
      expect(answers.filter(({ data }) => data.result.generated)).toHaveLength(1);
      const ids = answers.map(({ data }) => data.result.clientCertificate.clientCertificateId);
      expect(new Set(ids).size).toBe(1);
    });
    expect(calls).toEqual([LIST, GENERATE, LIST]);
    expect(await made()).toHaveLength(1);
  });

  test('and one with the same key for something else, at once, are one certificate and one complaint', async () => {
    const { generate, made } = await startGenerating();
    const answers = await Promise.all([generate(KEY), generate({ ...KEY, description: 'x' })]);
    expect(answers.map(({ data }) => data.result.__typename)).toEqual([
      'GenerateClientCertificatePayload',
      'InvalidInputError',
    ]);
    expect(await made()).toHaveLength(1);
  });

  test('is made by one of two replicas that are asked at once; both give the same answer', async () => {
    const service = await startGenerating({});
    const { fail, made } = service;
    const other = await service.replica();
    /** No answer to a list before both have asked; none to a generate before both have generated. */
    const together = () => {
      let count = 0;
      const { promise, resolve } = Promise.withResolvers<void>();
      return (): Fault => {
        count += 1;
        if (count === 2) resolve();
        return { kind: 'held', until: promise };
      };
    };
    const rounds = { list: together(), generate: together() };
    let lists = 0;
    const deleted: string[] = [];
    fail((operation, { clientCertificateId = '' }) => {
      if (operation === DELETE) deleted.push(clientCertificateId);
      if (operation === GENERATE) return rounds.generate();
      lists += operation === LIST ? 1 : 0;
      return operation === LIST && lists <= 2 ? rounds.list() : undefined;
    });
    const answers = await Promise.all([service.generate(KEY), other.generate(KEY)]);
    fail(() => undefined);
    const [certificate, ...others] = await made();
    expect(others).toEqual([]);
    expect(deleted).toHaveLength(1);
    expect(answers.map(({ data }) => data.result.clientCertificate.clientCertificateId)).toEqual([
      certificate?.clientCertificateId,
      certificate?.clientCertificateId,
    ]);
    expect(answers.map(({ data }) => data.result.generated).toSorted()).toEqual([false, true]);
  });

  test('waits, if another process has just made one, until it cannot be deleted for an earlier one', async () => {
    let now = new Date('2026-11-28T12:00:01Z');
    const service = await startGenerating({ now: () => now });
    let earlier = '';
    const other = await service.replica(async () => {
      now = new Date('2026-11-28T12:00:00Z');
      const generated = await service.client.send(
        new GenerateClientCertificateCommand({ tags: own?.tags ?? {} }),
      );
      earlier = generated.clientCertificateId ?? '';
    });
    await service.generate(KEY);
    const [own] = await service.made();
    const { data } = await other.generate(KEY);
    expect(data.result).toMatchObject({
      generated: false,
      clientCertificate: { clientCertificateId: earlier },
    });
  });

  /** A replica that has to delete its own certificate for an earlier one. */
  async function startTooLate() {
    let now = new Date('2026-11-28T12:00:01Z');
    const service = await startGenerating({ now: () => now });
    const earlier: string[] = [];
    const replica = await service.replica(async () => {
      now = new Date('2026-11-28T12:00:00Z');
      const [own] = await service.made();
      const generated = await service.client.send(
        new GenerateClientCertificateCommand({ tags: own?.tags ?? {} }),
      );
      earlier.push(generated.clientCertificateId ?? '');
    });
    return { service, replica, earlier };
  }

  test('gives the earlier one also where someone else has just deleted its own', async () => {
    const { service, replica, earlier } = await startTooLate();
    const missing: Fault = { kind: 'error', error: chosen.notFound() };
    service.fail((operation) => (operation === DELETE ? missing : undefined));
    const { data } = await replica.generate(KEY);
    expect(data.result).toMatchObject({
      generated: false,
      clientCertificate: { clientCertificateId: earlier[0] },
    });
  });

  test('says that the same request again finds one, where its own cannot be deleted for an earlier one', async () => {
    const { service, replica } = await startTooLate();
    service.fail((operation) => (operation === DELETE ? denied : undefined));
    const { errors } = await replica.generate(KEY);
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_DENIED' } }]);
    expect(errors?.[0]?.message).toContain('the same request again finds it');
    expect((await service.generate(KEY)).data.result).toMatchObject({ generated: false });
  });

  test('takes one that was made ten minutes ago as it is', async () => {
    let now = new Date('2026-11-28T12:00:00Z');
    const service = await startGenerating({ now: () => now });
    const other = await service.replica();
    await service.generate(KEY);
    service.waits.length = 0;
    now = new Date('2026-11-28T12:10:01Z');
    expect((await other.generate(KEY)).data.result).toMatchObject({ generated: false });
    expect(service.waits).toEqual([]);
  });

  test('keeps what an earlier one left behind, and gives the earliest', async () => {
    let now = new Date('2026-11-28T12:00:00Z');
    const { generate, made, fail } = await startGenerating({ now: () => now });
    await generate(KEY);
    const [first] = await made();
    now = new Date('2026-11-28T12:00:02Z');
    fail((operation) =>
      operation === LIST ? { kind: 'change', change: (body) => ({ ...body, item: [] }) } : undefined,
    );
    await generate(KEY);
    fail(() => undefined);
    expect(await made()).toHaveLength(2);
    expect((await generate(KEY)).data.result.clientCertificate.clientCertificateId).toBe(
      first?.clientCertificateId,
    );
    expect(await made()).toHaveLength(2);
  });
});

describe('a generate whose answer is lost', () => {
  const LOST: [string, Fault][] = [
    ['it times out', { kind: 'no-answer' }],
    ['the connection is cut', { kind: 'cut-off' }],
    ['it stalls', { kind: 'stall' }],
    [
      'there is a page of a load balancer instead',
      { kind: 'raw', status: 502, contentType: 'text/html', body: '<html>' },
    ],
    ['it cannot be read', { kind: 'raw', status: 200, contentType: 'text/html', body: '<html>' }],
    ['it lacks what a certificate has', { kind: 'change', change: () => ({}) }],
  ];

  test.for(LOST)('because $0 is found by the list that follows', { timeout: 20_000 }, async ([, fault]) => {
    const { callsOf, generate, made, fail } = await startGenerating({
      env: SHORT_CALLS,
    });
    fail((operation) => (operation === GENERATE ? fault : undefined));
    const calls = await callsOf(async () => {
      const { data } = await generate(KEY);
      const [only] = await made();
      expect(data.result).toMatchObject({
        generated: true,
        clientCertificate: { clientCertificateId: only?.clientCertificateId },
      });
    });
    expect(calls.filter((operation) => operation === GENERATE)).toHaveLength(1);
    expect(calls.slice(0, 3)).toEqual([LIST, GENERATE, LIST]);
    expect(await made()).toHaveLength(1);
  });

  test.for([
    [failed, 'UPSTREAM_UNAVAILABLE'],
    [{ kind: 'lost' } satisfies Fault, 'UPSTREAM_TIMEOUT'],
  ] as const)(
    'and which did not happen is an error; the same request again generates it: %j',
    async ([fault, code]) => {
      const { callsOf, generate, made, fail } = await startGenerating({
        env: SHORT_CALLS,
      });
      fail((operation) => (operation === GENERATE ? fault : undefined));
      const calls = await callsOf(async () => {
        const { errors } = await generate(KEY);
        expect(errors).toEqual([
          expect.objectContaining({
            message: expect.stringContaining('the same request again finds it, and generates no other'),
            extensions: expect.objectContaining({ code }),
          }),
        ]);
      });
      expect(calls).toEqual([LIST, GENERATE, LIST]);
      fail(() => undefined);
      expect((await generate(KEY)).data.result).toMatchObject({ generated: true });
      expect(await made()).toHaveLength(1);
    },
  );

  test('and the list after it as well, is found by the same request again', async () => {
    const { generate, made, fail } = await startGenerating();
    let isGenerated = false;
    fail((operation) => {
      if (operation === GENERATE) isGenerated = true;
      return isGenerated ? { kind: 'raw', status: 502, contentType: 'text/html', body: '' } : undefined;
    });
    const { errors } = await generate(KEY);
    expect(errors?.[0]?.message).toContain('the same request again finds it');
    fail(() => undefined);
    expect(await made()).toHaveLength(1);
    expect((await generate(KEY)).data.result).toMatchObject({ generated: false });
    expect(await made()).toHaveLength(1);
  });
});

test('a generate that is throttled is sent again, since AWS did nothing', async () => {
  const { callsOf, generate, made, fail } = await startGenerating();
  let count = 0;
  fail((operation) => {
    if (operation !== GENERATE) return undefined;
    count += 1;
    return count === 1 ? throttled : undefined;
  });
  expect(await callsOf(() => generate(KEY))).toEqual([LIST, GENERATE, GENERATE, LIST]);
  expect(await made()).toHaveLength(1);
});

test('a generate that AWS refuses is an error as without a key', async () => {
  const { callsOf, generate, fail } = await startGenerating();
  fail((operation) => (operation === GENERATE ? denied : undefined));
  const calls = await callsOf(async () => {
    expect((await generate(KEY)).errors?.[0]?.extensions['code']).toBe('UPSTREAM_DENIED');
  });
  expect(calls).toEqual([LIST, GENERATE]);
});

test('a client that leaves does not end what others wait for, nor leave it unknown', async () => {
  const { server, generate, made, fail, calls } = await startGenerating();
  const { promise, resolve } = Promise.withResolvers<void>();
  fail((operation) => (operation === GENERATE ? { kind: 'held', until: promise } : undefined));
  const gone = new AbortController();
  const left = Promise.resolve(
    server.fetch('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: MUTATION, variables: { input: KEY } }),
      signal: gone.signal,
    }),
  ).catch(() => undefined);
  await until(() => expect(calls).toContain(GENERATE));
  const waiting = generate(KEY);
  gone.abort();
  resolve();
  expect((await waiting).data.result).toMatchObject({ __typename: 'GenerateClientCertificatePayload' });
  await left;
  expect(await made()).toHaveLength(1);
});

describe('a generate with `replaces`', () => {
  test.for(['c001', globalIdOf('c001'), 'arn:aws:apigateway:us-east-1::/clientcertificates/c001'])(
    'has a tag that names the certificate, and is the one that replaces it: %s',
    async (replaces) => {
      const { generate, made, query } = await startGenerating();
      const { data } = await generate({ replaces });
      expect(data.result).toMatchObject({
        generated: true,
        clientCertificate: {
          tags: [{ key: 'certway:replaces', value: 'c001' }],
          replaces: { clientCertificateId: 'c001' },
        },
      });
      const [only] = await made();
      const old = await query('{ clientCertificate(id: "c001") { replacedBy { clientCertificateId } } }');
      expect(old.data.clientCertificate.replacedBy).toEqual({
        clientCertificateId: only?.clientCertificateId,
      });
    },
  );

  test('gives the one that was generated for it before, whatever else is asked for', async () => {
    const { callsOf, generate, made } = await startGenerating();
    const first = await generate({ replaces: 'c001' });
    const calls = await callsOf(async () => {
      const again = await generate({ replaces: 'c001', description: 'x' });
      expect(again.data.result).toEqual({ ...first.data.result, generated: false });
    });
    expect(calls).toEqual([LIST, 'GetClientCertificate']); // of which the second is for the field `replaces`
    expect(await made()).toHaveLength(1);
  });

  test('does not take the certificate itself for its successor, although it has the tag', async () => {
    const { client, generate } = await startGenerating();
    const resourceArn = 'arn:aws:apigateway:us-east-1::/clientcertificates/c001';
    await client.send(new TagResourceCommand({ resourceArn, tags: { 'certway:replaces': 'c001' } }));
    const { data } = await generate({ replaces: 'c001' });
    expect(data.result).toMatchObject({
      generated: true,
      clientCertificate: { replaces: { clientCertificateId: 'c001' } },
    });
    expect((await generate({ replaces: 'c001' })).data.result).toEqual({ ...data.result, generated: false });
  });

  test('gives a second one for a new key', async () => {
    const { generate, made } = await startGenerating();
    await generate({ replaces: 'c001' });
    expect((await generate({ ...KEY, replaces: 'c001' })).data.result).toMatchObject({ generated: true });
    expect(await made()).toHaveLength(2);
  });

  test('is refused if there is no such certificate, before anything is generated', async () => {
    const { callsOf, generate } = await startGenerating();
    const calls = await callsOf(async () => {
      expect((await generate({ replaces: 'c009' })).data.result).toMatchObject({
        __typename: 'InvalidInputError',
        issues: [
          { path: ['input', 'replaces'], message: 'expected a client certificate that exists, got "c009"' },
        ],
      });
    });
    expect(calls).toEqual([LIST]);
  });

  test('is found by its key again when the old one is gone', async () => {
    const { client, generate } = await startGenerating();
    const first = await generate({ ...KEY, replaces: 'c001' });
    await client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'c001' }));
    const again = await generate({ ...KEY, replaces: 'c001' });
    expect(again.data.result.clientCertificate.clientCertificateId).toBe(
      first.data.result.clientCertificate.clientCertificateId,
    );
  });
});

describe('bad input', () => {
  const tags = (count: number) => Array.from({ length: count }, (_, i) => ({ key: `k${i}`, value: '' }));

  test.for(['', 'k'.repeat(256), 'a b', 'ü', 'a\n', '\u0000', '\ud800'])(
    'the key %j is a complaint, and AWS is not called',
    async (idempotencyKey) => {
      const { callsOf, generate } = await startGenerating();
      const calls = await callsOf(async () => {
        expect((await generate({ idempotencyKey })).data.result).toMatchObject({
          __typename: 'InvalidInputError',
          issues: [
            {
              path: ['input', 'idempotencyKey'],
              message: expect.stringMatching(/^expected 1 to 255 visible ASCII characters, got /),
            },
          ],
        });
      });
      expect(calls).toEqual([]);
    },
  );

  test.for(['!', '~'.repeat(255), 'order/2026-11-28#1'])('the key %j is fine', async (idempotencyKey) => {
    const { generate } = await startGenerating();
    expect((await generate({ idempotencyKey })).data.result).toMatchObject({ generated: true });
  });

  test('is complained about at once', async () => {
    const { callsOf, generate } = await startGenerating();
    const calls = await callsOf(async () => {
      const { data } = await generate({
        description: 'd'.repeat(1025),
        tags: [...tags(47), { key: 'certway:request', value: 'mine' }],
        replaces: 'not/an id',
        idempotencyKey: '',
      });
      expect(data.result.issues.map(({ path }: { path: string[] }) => path.join('.'))).toEqual([
        'input.description',
        'input.tags',
        'input.tags.47.key',
        'input.replaces',
        'input.idempotencyKey',
      ]);
      expect(data.result.issues[1].message).toBe(
        'expected at most 47 beside those that this service adds, got 48',
      );
    });
    expect(calls).toEqual([]);
  });

  test('leaves 47 tags with a key and `replaces`, and 50 without', async () => {
    const { generate } = await startGenerating();
    for (const input of [{ ...KEY, replaces: 'c001', tags: tags(47) }, { tags: tags(50) }])
      expect((await generate(input)).data.result).toMatchObject({ generated: true });
  });
});

test('without a key and without `replaces` nothing has changed: one call, and the tags that were given', async () => {
  const { callsOf, generate, made, waits } = await startGenerating();
  const calls = await callsOf(async () => {
    for (const input of [{}, { idempotencyKey: null, replaces: null }])
      expect((await generate(input)).data.result).toMatchObject({ generated: true });
  });
  expect(calls).toEqual([GENERATE, GENERATE]);
  expect(waits).toEqual([]);
  expect((await made()).map(({ tags }) => tags)).toEqual([undefined, undefined]);
});
