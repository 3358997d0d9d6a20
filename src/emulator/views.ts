import type { ClientCertificate, ClientCertificates, Tags } from '@aws-sdk/client-api-gateway';

/** How an operation's output looks to a client that asked for `application/json`, and to one that did not (HAL). */
export type View<Output> = {
  json(output: Output): object | undefined;
  hal(output: Output, url: URL): object | undefined;
};

/** 202 and 204 have no body. */
export const noBody: View<void> = { json: () => undefined, hal: () => undefined };

/** Dates are numbers of epoch seconds; the SDK for JavaScript refuses anything else. */
export const certificate: View<ClientCertificate> = {
  json: certificateJson,
  hal: (output) => ({ _links: { curies: CURIES, ...itemLinks(output) }, ...certificateHal(output) }),
};

/**
 * HAL as in the sample response of
 * https://docs.aws.amazon.com/apigateway/latest/api/API_GetClientCertificates.html, where a collection of one has
 * an object in the place of an array; `next` as in that of API_GetRestApis.
 */
export const certificates: View<ClientCertificates> = {
  json: ({ items = [], position }) => ({
    item: items.map(certificateJson),
    ...(position !== undefined && { position }),
  }),
  hal: ({ items = [], position }, url) => ({
    _links: {
      curies: CURIES,
      self: { href: `${url.pathname}${url.search}` },
      'clientcertificate:by-id': { href: '/clientcertificates/{clientcertificate_id}', templated: true },
      'clientcertificate:generate': { href: '/clientcertificates' },
      ...(items.length > 0 && {
        item: oneOrMany(items.map(({ clientCertificateId }) => self(clientCertificateId))),
      }),
      ...(position !== undefined && { next: { href: nextHref(url, position) } }),
    },
    ...(items.length > 0 && {
      _embedded: {
        item: oneOrMany(items.map((item) => ({ _links: itemLinks(item), ...certificateHal(item) }))),
      },
    }),
  }),
};

/** No HAL sample of GetTags is known: the plain form, with the link that every other one has. */
export const tags: View<Tags> = {
  json: (output) => ({ tags: output.tags ?? {} }),
  hal: (output, url) => ({ _links: { self: { href: url.pathname } }, tags: output.tags ?? {} }),
};

const CURIES = {
  href: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/restapi-clientcertificate-{rel}.html',
  name: 'clientcertificate',
  templated: true,
};

const self = (id: string | undefined) => ({ href: `/clientcertificates/${id}` });

const itemLinks = ({ clientCertificateId }: ClientCertificate) => ({
  self: self(clientCertificateId),
  'clientcertificate:delete': self(clientCertificateId),
  'clientcertificate:update': self(clientCertificateId),
});

const oneOrMany = <T>(items: T[]) => (items.length === 1 ? items[0] : items);

function nextHref(url: URL, position: string): string {
  const limit = url.searchParams.get('limit');
  return `${url.pathname}?position=${encodeURIComponent(position)}${limit === null ? '' : `&limit=${limit}`}`;
}

function certificateJson({ createdDate, expirationDate, ...members }: ClientCertificate): object {
  return { ...members, createdDate: epochSeconds(createdDate), expirationDate: epochSeconds(expirationDate) };
}

function certificateHal({ createdDate, expirationDate, ...members }: ClientCertificate): object {
  return { ...members, createdDate: isoSeconds(createdDate), expirationDate: isoSeconds(expirationDate) };
}

const epochSeconds = (date: Date | undefined) => date && date.getTime() / 1000;
const isoSeconds = (date: Date | undefined) => date && `${date.toISOString().slice(0, 19)}Z`;
