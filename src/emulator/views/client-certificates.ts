import type { ClientCertificate, ClientCertificates } from '@aws-sdk/client-api-gateway';
import type { View } from '../route.ts';

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
