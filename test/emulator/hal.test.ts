import { expect, test } from 'vitest';
import { emulate, oneKeyPair } from './support.ts';

// The samples of https://docs.aws.amazon.com/apigateway/latest/api/API_GetClientCertificates.html and
// API_GetClientCertificate.html, with the host that their `curies` have lost there.
const pem = expect.stringMatching(/^-----BEGIN CERTIFICATE-----\r\nMIIC[^-]+\r\n-----END CERTIFICATE-----$/);

const sampleOfList = {
  _links: {
    curies: {
      href: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/restapi-clientcertificate-{rel}.html',
      name: 'clientcertificate',
      templated: true,
    },
    self: { href: '/clientcertificates' },
    'clientcertificate:by-id': { href: '/clientcertificates/{clientcertificate_id}', templated: true },
    'clientcertificate:generate': { href: '/clientcertificates' },
    item: { href: '/clientcertificates/xmbiqp' },
  },
  _embedded: {
    item: {
      _links: {
        self: { href: '/clientcertificates/xmbiqp' },
        'clientcertificate:delete': { href: '/clientcertificates/xmbiqp' },
        'clientcertificate:update': { href: '/clientcertificates/xmbiqp' },
      },
      clientCertificateId: 'xmbiqp',
      createdDate: '2015-12-08T18:02:16Z',
      description: 'test-client-cert-2',
      expirationDate: '2016-12-07T18:02:16Z',
      pemEncodedCertificate: pem,
    },
  },
};

const sampleOfOne = {
  _links: {
    curies: sampleOfList._links.curies,
    self: { href: '/clientcertificates/9ao60f' },
    'clientcertificate:delete': { href: '/clientcertificates/9ao60f' },
    'clientcertificate:update': { href: '/clientcertificates/9ao60f' },
  },
  clientCertificateId: '9ao60f',
  createdDate: '2016-06-15T22:33:13Z',
  description: 'my second client-side cert',
  expirationDate: '2017-06-15T22:33:13Z',
  pemEncodedCertificate: pem,
};

const xmbiqp = {
  id: 'xmbiqp',
  description: 'test-client-cert-2',
  createdDate: new Date('2015-12-08T18:02:16Z'),
};
const ninth = {
  id: '9ao60f',
  description: 'my second client-side cert',
  createdDate: new Date('2016-06-15T22:33:13Z'),
};

/** What a client without preferences is answered. */
async function hal(http: Awaited<ReturnType<typeof emulate>>['http'], path: string, init: RequestInit = {}) {
  const { body } = await http(path, { ...init, headers: { accept: '*/*' } });
  return body;
}

test('a list of one is the sample of AWS', async () => {
  const { http } = await emulate({ examples: [xmbiqp], generateKeyPair: () => oneKeyPair });
  expect(await hal(http, '/clientcertificates')).toEqual(sampleOfList);
});

test('a certificate is the sample of AWS', async () => {
  const { http } = await emulate({ examples: [ninth], generateKeyPair: () => oneKeyPair });
  expect(await hal(http, '/clientcertificates/9ao60f')).toEqual(sampleOfOne);
});

test('a list of several has arrays, and links to its next page', async () => {
  const { http } = await emulate({ examples: [ninth, xmbiqp, { ...xmbiqp, id: 'zzzzzz' }] });
  const first = await hal(http, '/clientcertificates?limit=2');
  expect(first._links).toMatchObject({
    self: { href: '/clientcertificates?limit=2' },
    item: [{ href: '/clientcertificates/9ao60f' }, { href: '/clientcertificates/xmbiqp' }],
    next: { href: '/clientcertificates?position=aWQ9U3htYmlxcA%3D%3D&limit=2' },
  });
  expect(first._embedded.item).toMatchObject([
    { description: ninth.description },
    { description: xmbiqp.description },
  ]);
  const second = await hal(http, first._links.next.href);
  expect(second._links).not.toHaveProperty('next');
  expect(second._links.item).toEqual({ href: '/clientcertificates/zzzzzz' });
});

test('an empty list has links and no items', async () => {
  const { http } = await emulate();
  const body = await hal(http, '/clientcertificates');
  expect(Object.keys(body)).toEqual(['_links']);
  expect(body._links).not.toHaveProperty('item');
});

test('generate and update answer as get does', async () => {
  const { http } = await emulate();
  const made = await hal(http, '/clientcertificates', {
    method: 'POST',
    body: '{"tags":{"team":"payments"}}',
  });
  const path = `/clientcertificates/${made.clientCertificateId}`;
  expect(made._links.self).toEqual({ href: path });
  expect(made.tags).toEqual({ team: 'payments' });
  expect(made).not.toHaveProperty('description');
  expect(await hal(http, path)).toEqual(made);
  expect(await hal(http, path, { method: 'PATCH', body: '{}' })).toEqual(made);
});

test('tags have a link to themselves', async () => {
  const { http } = await emulate({ examples: [{ ...xmbiqp, tags: { team: 'payments' } }] });
  const path = '/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Fclientcertificates%2Fxmbiqp';
  expect(await hal(http, path)).toEqual({ _links: { self: { href: path } }, tags: { team: 'payments' } });
});

test.each(['application/json', 'text/html, application/json;q=0.9'])(
  'Accept: %s is answered with plain JSON, whose dates are numbers of seconds',
  async (accept) => {
    const { http } = await emulate({ examples: [{ ...xmbiqp, tags: { team: 'payments' } }] });
    const { body } = await http('/clientcertificates', { headers: { accept } });
    const plain = {
      clientCertificateId: 'xmbiqp',
      description: 'test-client-cert-2',
      pemEncodedCertificate: expect.any(String),
      createdDate: 1449597736,
      expirationDate: 1481133736,
      tags: { team: 'payments' },
    };
    expect(body).toEqual({ item: [plain] });
    expect((await http('/clientcertificates/xmbiqp', { headers: { accept } })).body).toEqual(plain);
  },
);

test.each(['application/hal+json', '*/*', 'text/html'])('Accept: %s is answered with HAL', async (accept) => {
  const { http } = await emulate({ examples: [xmbiqp] });
  const { body } = await http('/clientcertificates/xmbiqp', { headers: { accept } });
  expect(body).toHaveProperty('_links');
});

test('delete, tag and untag have no body in either form', async () => {
  const { http } = await emulate({ examples: [xmbiqp] });
  const tags = '/tags/arn:aws:apigateway:us-east-1::/clientcertificates/xmbiqp';
  for (const accept of ['application/json', '*/*']) {
    const headers = { accept };
    const put = await http(tags, { method: 'PUT', headers, body: '{"tags":{"a":"b"}}' });
    const remove = await http(`${tags}?tagKeys=a`, { method: 'DELETE', headers });
    expect([put, remove]).toMatchObject([
      { status: 204, body: undefined },
      { status: 204, body: undefined },
    ]);
  }
  const removed = await http('/clientcertificates/xmbiqp', { method: 'DELETE' });
  expect(removed).toMatchObject({ status: 202, body: undefined });
  expect(removed.headers.has('content-type')).toBe(false);
});
