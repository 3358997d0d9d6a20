import type { ClientCertificate, ClientCertificates } from '@aws-sdk/client-api-gateway';
import type { View } from '../route.ts';
import { collection, curie, item, link, template } from './hal.ts';

/** Dates are epoch seconds. The SDK for JavaScript refuses anything else. */
export const certificate: View<ClientCertificate> = {
  json: certificateJson,
  hal: (output) => item(CURIES, linksOf(output), certificateHal(output)),
};

export const certificates: View<ClientCertificates> = {
  json: ({ items = [], position }) => ({ item: items.map(certificateJson), position }),
  hal: ({ items = [], position }, url) =>
    collection(
      { items, position },
      url,
      CURIES,
      {
        'clientcertificate:by-id': template('/clientcertificates/{clientcertificate_id}'),
        'clientcertificate:generate': link('/clientcertificates'),
      },
      (one) => ({ links: linksOf(one), members: certificateHal(one) }),
    ),
};

const CURIES = [curie('clientcertificate')];

function linksOf({ clientCertificateId }: ClientCertificate) {
  const self = link(`/clientcertificates/${clientCertificateId}`);
  return { self, 'clientcertificate:delete': self, 'clientcertificate:update': self };
}

function certificateJson({ createdDate, expirationDate, ...members }: ClientCertificate): object {
  return { ...members, createdDate: epochSeconds(createdDate), expirationDate: epochSeconds(expirationDate) };
}

function certificateHal({ createdDate, expirationDate, ...members }: ClientCertificate): object {
  return { ...members, createdDate: isoSeconds(createdDate), expirationDate: isoSeconds(expirationDate) };
}

const epochSeconds = (date: Date | undefined) => date && date.getTime() / 1000;
const isoSeconds = (date: Date | undefined) => date && `${date.toISOString().slice(0, 19)}Z`;
