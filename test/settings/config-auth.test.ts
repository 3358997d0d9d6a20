import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/settings/config.ts';
import { describeSettings } from '../../src/settings/help.ts';
import { apiKeyEntry, sha256 } from '../support/authentication.ts';
import { emptyFolder } from '../support/process.ts';
import { AUTH_NAMES, complaints } from './config-support.ts';

const JWT = {
  AUTH: 'jwt',
  JWT_ISSUER: 'https://issuer.example.com/',
  JWT_AUDIENCE: 'certway',
  JWT_JWKS_URL: 'https://issuer.example.com/keys',
};
const READ = 'client-certificates:read';
const WRITE = 'client-certificates:write';

test('by default anyone may call', () => {
  expect(parseConfig({}).auth).toEqual({ kind: 'none' });
});

test.each(['JWT', 'basic', 'true', 'apikey', 'api_key', 'none '])('AUTH may not be "%s"', (AUTH) => {
  expect(complaints({ AUTH })).toEqual([`AUTH: expected none or jwt or api-key or mtls, got "${AUTH}"`]);
});

describe('AUTH=jwt', () => {
  test('takes an issuer, an audience and a JWKS URL', () => {
    expect(parseConfig(JWT).auth).toEqual({
      kind: 'jwt',
      issuer: 'https://issuer.example.com/',
      audience: 'certway',
      jwksUrl: 'https://issuer.example.com/keys',
    });
    expect(parseConfig({ ...JWT, JWT_JWKS_URL: 'http://127.0.0.1:8080/keys?a=b' }).auth).toMatchObject({
      jwksUrl: 'http://127.0.0.1:8080/keys?a=b',
    });
  });

  test('reports everything that is missing', () => {
    expect(complaints({ AUTH: 'jwt' })).toEqual([
      'JWT_ISSUER: expected text, since AUTH is jwt; got none',
      'JWT_AUDIENCE: expected text, since AUTH is jwt; got none',
      'JWT_JWKS_URL: expected an http or https URL, since AUTH is jwt; got none',
    ]);
    expect(complaints({ ...JWT, JWT_AUDIENCE: '' })).toEqual([
      'JWT_AUDIENCE: expected text, since AUTH is jwt; got none',
    ]);
  });

  test('nothing but API keys may be in a file', () => {
    const files = { JWT_ISSUER_FILE: '/run/i', JWT_AUDIENCE_FILE: '/run/a', JWT_JWKS_URL_FILE: '/run/k' };
    expect(complaints({ AUTH: 'jwt', ...files })).toHaveLength(3);
    expect(complaints({ AUTH: 'mtls', TLS_CLIENT_CA_FILE_FILE: '/run/c' })).toHaveLength(1);
  });

  test.each([
    'issuer.example.com/keys',
    'file:///etc/keys',
    'ftp://a/b',
    'https://',
    '/keys',
    'javascript:1',
  ])('JWT_JWKS_URL may not be "%s"', (JWT_JWKS_URL) => {
    expect(complaints({ ...JWT, JWT_JWKS_URL })).toEqual([
      `JWT_JWKS_URL: expected an http or https URL without credentials, got "${JWT_JWKS_URL}"`,
    ]);
  });

  test.each(['https://user:hush@a/keys', 'https://hush@a/keys', 'htps://user:hush@a', 'user:hush@a'])(
    'JWT_JWKS_URL may not contain credentials, and they are not printed: %s',
    (JWT_JWKS_URL) => {
      expect(complaints({ ...JWT, JWT_JWKS_URL })).toEqual([
        'JWT_JWKS_URL: expected an http or https URL without credentials, got one with an @',
      ]);
    },
  );
});

describe('OIDC_CLIENT_ID', () => {
  test('with AUTH=jwt it is a part of who may call, with its parameters', () => {
    const OIDC_PARAMETERS = 'scope=openid%20api&audience=certway';
    expect(parseConfig({ ...JWT, OIDC_CLIENT_ID: 'page', OIDC_PARAMETERS }).auth).toMatchObject({
      oidc: { clientId: 'page', parameters: { scope: 'openid api', audience: 'certway' } },
    });
    expect(parseConfig({ ...JWT, OIDC_PARAMETERS }).auth).not.toHaveProperty('oidc');
    expect(parseConfig({ OIDC_CLIENT_ID: 'page' }).auth).toEqual({ kind: 'none' });
  });

  test.each(['a=1&a=2', '=1'])('OIDC_PARAMETERS may not be "%s"', (OIDC_PARAMETERS) => {
    expect(complaints({ ...JWT, OIDC_CLIENT_ID: 'page', OIDC_PARAMETERS })).toEqual([
      `OIDC_PARAMETERS: expected names and values as in the query of a URL, each name once, got "${OIDC_PARAMETERS}"`,
    ]);
  });

  test.each(['certway', 'urn:issuer'])('takes an issuer that has a URL, not "%s"', (JWT_ISSUER) => {
    expect(complaints({ ...JWT, JWT_ISSUER, OIDC_CLIENT_ID: 'page' })).toEqual([
      `JWT_ISSUER: expected an http or https URL, since OIDC_CLIENT_ID is set; got "${JWT_ISSUER}"`,
    ]);
    expect(parseConfig({ ...JWT, JWT_ISSUER }).auth).toMatchObject({ issuer: JWT_ISSUER });
  });
});

describe('AUTH=api-key', () => {
  function parsed(API_KEYS: string) {
    const { auth } = parseConfig({ AUTH: 'api-key', API_KEYS });
    if (auth.kind !== 'api-key') throw new Error(`expected API keys, got ${auth.kind}`);
    return auth.apiKeys.map(({ name, hash, scopes }) => [
      name,
      Buffer.from(hash).toString('hex'),
      [...scopes],
    ]);
  }

  test('accepts several keys, also with the same name, with their scopes', () => {
    expect(
      parsed(
        [
          apiKeyEntry('portal', 'a', `${READ} ${WRITE}`),
          apiKeyEntry('portal', 'b', READ),
          apiKeyEntry('ci.deploy_1-x', 'c', WRITE),
        ].join(','),
      ),
    ).toEqual([
      ['portal', sha256('a'), [READ, WRITE]],
      ['portal', sha256('b'), [READ]],
      ['ci.deploy_1-x', sha256('c'), [WRITE]],
    ]);
  });

  test('accepts spaces, line breaks, a trailing comma, uppercase digits and repeated scopes', () => {
    const text = `\n  a=${sha256('a').toUpperCase()}   ${READ}  ${READ} ,\n\tb=${sha256('b')}\t${WRITE}\n,\n`;
    expect(parsed(text)).toEqual([
      ['a', sha256('a'), [READ]],
      ['b', sha256('b'), [WRITE]],
    ]);
  });

  test('keys that nobody needs are refused', async () => {
    const file = join(await emptyFolder(), 'api-keys');
    await writeFile(file, apiKeyEntry('a', 'a'));
    for (const given of [{ API_KEYS: apiKeyEntry('a', 'a') }, { API_KEYS_FILE: file }]) {
      const [name] = Object.keys(given);
      expect(complaints(given)).toEqual([`${name}: expected it with AUTH=api-key, got it with AUTH=none`]);
      expect(complaints({ ...given, ...JWT })).toEqual([]);
    }
  });

  test('reports that there is no key', () => {
    const expected =
      'API_KEYS: expected entries "name=SHA256HEX scope scope", separated by commas, since AUTH is api-key; got none';
    expect(complaints({ AUTH: 'api-key' })).toEqual([expected]);
    for (const API_KEYS of [' ', ',', ' , ,'])
      expect(complaints({ AUTH: 'api-key', API_KEYS })).toEqual(['API_KEYS: expected an entry, got none']);
  });

  const SCOPES = `expected scopes (${READ} ${WRITE} stages:write)`;
  const NAME = 'expected a name of 1 to 64 letters, digits and . _ -, got something else';
  const hash = sha256('hush');
  const wrongHash = (length: number) =>
    `expected the SHA-256 of a key behind "name=", 64 hexadecimal digits, got ${length} characters`;

  test.each<[string, string, string[]]>([
    ['no scope', `a=${hash}`, [`${SCOPES}, got none`]],
    ['an unknown scope', `a=${hash} ${READ} admin`, [`${SCOPES}, got something else as number 2`]],
    [
      'a scope of another case',
      `a=${hash} ${READ.toUpperCase()}`,
      [`${SCOPES}, got something else as number 1`],
    ],
    ['a hash that is too short', `a=${hash.slice(1)} ${READ}`, [wrongHash(63)]],
    ['a hash that is too long', `a=${hash}0 ${READ}`, [wrongHash(65)]],
    ['the key itself', `a=certway_${'k'.repeat(43)} ${READ}`, [wrongHash(51)]],
    ['a hash in base64', `a=${'k'.repeat(43)}= ${READ}`, [wrongHash(43)]],
    ['no hash', `a= ${READ}`, [wrongHash(0)]],
    ['no name', `=${hash} ${READ}`, [NAME]],
    ['the hash alone', `${hash} ${READ}`, [wrongHash(0)]],
    ['the hash as a scope', `a= ${hash}`, [wrongHash(0), `${SCOPES}, got something else as number 1`]],
    ['a name with a quotation mark', `a"b=${hash} ${READ}`, [NAME]],
    ['a name that is too long', `${'a'.repeat(65)}=${hash} ${READ}`, [NAME]],
    ['an entry without any of the parts', '?', [NAME, wrongHash(0), `${SCOPES}, got none`]],
  ])('reports %s by the number of the entry, without printing it', (_, entry, expected) => {
    const API_KEYS = `${apiKeyEntry('good', 'good')},${entry}`;
    expect(complaints({ AUTH: 'api-key', API_KEYS })).toEqual(
      expected.map((complaint) => `API_KEYS: entry 2: ${complaint}`),
    );
  });

  test('reports all invalid entries together with all other invalid settings', () => {
    expect(complaints({ AUTH: 'api-key', API_KEYS: `a=1 ${READ},b=${hash}`, PORT: 'x' })).toEqual([
      'PORT: expected a whole number from 0 to 65535, got "x"',
      `API_KEYS: entry 1: ${wrongHash(1)}`,
      `API_KEYS: entry 2: ${SCOPES}, got none`,
    ]);
  });

  test('reports a repeated hash, because its scopes would be ambiguous', () => {
    const API_KEYS = `a=${hash} ${READ},b=${hash.toUpperCase()} ${WRITE}`;
    expect(complaints({ AUTH: 'api-key', API_KEYS })).toEqual([
      'API_KEYS: entry 2: expected a hash that no other entry has, got one again',
    ]);
  });

  test('never prints a part of a key or a hash', () => {
    const secret = fc.stringMatching(/^[0-9a-f]{16,80}$/);
    const misplaced = fc
      .tuple(
        fc.constantFrom('', 'a', 'a=', 'a= ', 'a ', '=', '==', ' '),
        secret,
        fc.constantFrom('', ' ', '=', ` ${READ}`, ',', ' x'),
      )
      .map(([before, text, after]) => ({ text, entry: before + text + after }));
    fc.assert(
      fc.property(fc.array(misplaced, { minLength: 1, maxLength: 3 }), (all) => {
        const API_KEYS = all.map(({ entry }) => entry).join(',');
        const printed = complaints({ AUTH: 'api-key', API_KEYS }).join('\n');
        for (const { text } of all) expect(printed).not.toContain(text);
      }),
    );
  });
});

describe('HOST beyond loopback', () => {
  test('is refused with AUTH=none', () => {
    const expected =
      'HOST: expected a loopback address, since anyone who reaches the service may use it; got "0.0.0.0" ' +
      '(AUTH=jwt, AUTH=api-key, AUTH=mtls or ALLOW_UNAUTHENTICATED=true allows it)';
    expect(complaints({ HOST: '0.0.0.0' })).toEqual([expected]);
    expect(complaints({ HOST: '0.0.0.0', AUTH: 'none' })).toEqual([expected]);
    expect(complaints({ HOST: '0.0.0.0', ALLOW_UNAUTHENTICATED: 'true' })).toEqual([]);
  });

  test('is allowed if callers are authenticated', () => {
    expect(complaints({ HOST: '0.0.0.0', ...JWT })).toEqual([]);
    expect(complaints({ HOST: '::', AUTH: 'api-key', API_KEYS: apiKeyEntry('a', 'a') })).toEqual([]);
  });

  test('does not replace the settings that AUTH needs', () => {
    expect(complaints({ HOST: '0.0.0.0', AUTH: 'jwt', ALLOW_UNAUTHENTICATED: 'true' })).toHaveLength(3);
  });
});

describe.each(AUTH_NAMES)('%s', (name) => {
  test('is described by --help', () => {
    expect(describeSettings()).toMatch(new RegExp(`^ {2}${name} +[A-Z].+[.]\\n +.+; default: none$`, 'm'));
  });
});
