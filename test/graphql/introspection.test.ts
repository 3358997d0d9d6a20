import { getIntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import { apiKeyEntry } from '../support/authentication.ts';
import { type ServiceOptions, startService as startAny } from '../support/service.ts';

const KEY = 'certway_key';
const PRODUCTION = { NODE_ENV: 'production', AUTH: 'api-key', API_KEYS: apiKeyEntry('test', KEY) };

const startService = (options: ServiceOptions = {}) =>
  startAny({ ...options, headers: { 'x-api-key': KEY } });

/** Environments for one switch, and whether each turns it on. */
const SWITCHES: [env: Record<string, string>, isOn: boolean][] = [
  [{}, true],
  [PRODUCTION, false],
  [{ NODE_ENV: 'production' }, true],
  [{ NODE_ENV: 'Production' }, true],
  [{ SWITCH: 'auto' }, true],
  [{ SWITCH: 'auto', ...PRODUCTION }, false],
  [{ SWITCH: 'true' }, true],
  [{ SWITCH: 'true', ...PRODUCTION }, true],
  [{ SWITCH: 'false' }, false],
  [{ SWITCH: 'false', ...PRODUCTION }, false],
];

const switchesOf = (name: string) =>
  SWITCHES.map(([{ SWITCH, ...rest }, isOn]) => ({
    env: { ...rest, ...(SWITCH && { [name]: SWITCH }) },
    text: JSON.stringify({ ...rest, ...(SWITCH && { [name]: SWITCH }) }),
    isOn,
  }));

const times = (count: number, part: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ');

describe('introspection', () => {
  test.each(switchesOf('INTROSPECTION'))('is on with $text: $isOn', async ({ env, isOn }) => {
    const { calls, query } = await startService({ env });
    for (const document of [
      '{ __schema { types { name } } }',
      '{ __type(name: "Query") { name } }',
      '{ ...F } fragment F on Query { a: __type(name: "Query") { name } }',
      '{ _service { sdl } }',
      '{ ...F } fragment F on Query { a: _service { __typename } }',
      getIntrospectionQuery(),
    ]) {
      const { data, errors = [] } = await query(document);
      if (isOn) expect(errors).toEqual([]);
      else expect(data).toBe(undefined);
      for (const error of errors)
        expect(error).toMatchObject({
          message: expect.stringContaining('introspection has been disabled'),
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
        });
    }
    expect(calls).toEqual([]);
  });

  test('does not include __typename, which everyone may query', async () => {
    const { query } = await startService({ env: { INTROSPECTION: 'false' } });
    expect(await query('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  });

  test('of the usual tools is within the limits', async () => {
    const { query } = await startService();
    const document = getIntrospectionQuery({
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    });
    expect((await query(document)).errors).toBe(undefined);
  });

  test('cannot be multiplied by aliases and fragments', async () => {
    const { query } = await startService();
    const bomb = `{ __schema { types { ${times(20, (i) => `a${i}: fields { type { ...F } }`)} } } }
      fragment F on __Type { ${times(20, (i) => `b${i}: fields { name }`)} }`;
    expect(await query(bomb)).toMatchObject({
      errors: [
        { message: 'The operation is too large: expected aliases up to 100, got 420.' },
        { message: 'The operation is too large: expected cost up to 75000, got 4200000.' },
      ],
    });
    const few = `{ __schema { types { ${times(4, (i) => `a${i}: fields { type { ...F } }`)} } } }
      fragment F on __Type { b: fields { name } }`;
    expect(await query(few)).toMatchObject({
      errors: [{ message: 'The operation is too large: expected cost up to 75000, got 80000.' }],
    });
  });
});

describe('GraphiQL', () => {
  test.each(switchesOf('GRAPHIQL'))('is on with $text: $isOn', async ({ env, isOn }) => {
    const { server } = await startService({ env });
    const response = await server.fetch('http://localhost/graphql', { headers: { accept: 'text/html' } });
    expect(response.headers.get('content-type')?.includes('text/html') ?? false).toBe(isOn);
    expect((await response.text()).includes('<html')).toBe(isOn);
  });
});

describe('suggestions', () => {
  const CERTIFICATES =
    'query ($filter: ClientCertificateFilter) { clientCertificates(filter: $filter) { totalCount } }';
  const MISTAKES: [what: string, document: string, variables?: object][] = [
    ['a field', '{ clientCertificate(id: "a") { descriptio } }'],
    ['a field of the root', '{ clientCertificats { totalCount } }'],
    ['a field of an interface', '{ node(id: "a") { description } }'],
    ['an argument', '{ clientCertificates(firs: 1) { totalCount } }'],
    ['a type', '{ node(id: "a") { ... on ClientCertificat { id } } }'],
    ['the type of a variable', 'query ($a: ClientCertificateFilte) { __typename }'],
    ['an enum value', '{ clientCertificates(filter: { status: [VALI] }) { totalCount } }'],
    ['an enum value in quotes', '{ clientCertificates(filter: { status: ["VALID"] }) { totalCount } }'],
    ['an input field', '{ clientCertificates(filter: { descriptionContain: "a" }) { totalCount } }'],
    ['an argument of a directive', '{ __typename @skip(iff: true) }'],
    ['an enum value in a variable', CERTIFICATES, { filter: { status: ['VALI'] } }],
    ['an input field in a variable', CERTIFICATES, { filter: { descriptionContain: 'a' } }],
    ['an input field deep in a variable', CERTIFICATES, { filter: { tags: [{ key: 'a', valu: 'b' }] } }],
    [
      'a default',
      'query ($s: [ClientCertificateStatus!] = [VALI]) { clientCertificates(filter: { status: $s }) { totalCount } }',
    ],
  ];

  test.each(switchesOf('SUGGESTIONS'))('are on with $text: $isOn', async ({ env, isOn }) => {
    const { calls, query } = await startService({ env });
    // Twice, because results of validation are cached.
    for (const [what, document, variables] of MISTAKES)
      for (const time of ['first', 'second']) {
        const { errors = [] } = await query(document, variables);
        expect(errors.length, what).toBeGreaterThanOrEqual(1);
        const suggests = errors.some(({ message }) => message.includes('Did you mean'));
        expect(suggests, `${what}, the ${time} time`).toBe(isOn);
        for (const { message } of errors) expect(message).toMatch(/\w.*[.?"}]$/);
      }
    expect(calls).toEqual([]);
  });

  test('are removed, and the rest of the errors is kept', async () => {
    const [on, off] = await Promise.all(
      ['true', 'false'].map(async (SUGGESTIONS) => startService({ env: { SUGGESTIONS } })),
    );
    for (const [, document, variables] of MISTAKES) {
      const { errors = [] } = (await on?.query(document, variables)) ?? {};
      const expected = errors.map((error) => ({
        ...error,
        message: error.message.replace(/ ?Did you mean.*/, ''),
      }));
      expect((await off?.query(document, variables))?.errors).toEqual(expected);
    }
  });

  test('are not searched for in the text of a client or of AWS', async () => {
    const { query } = await startService({ env: { SUGGESTIONS: 'false' } });
    const { errors } = await query('{ clientCertificate(id: "? Did you mean me") { id } }');
    expect(errors?.[0]?.message).toContain('Did you mean me');
  });
});
