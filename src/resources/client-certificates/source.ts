import {
  type ClientCertificate as AwsClientCertificate,
  GetClientCertificateCommand,
  GetClientCertificatesCommand,
} from '@aws-sdk/client-api-gateway';
import { NotFoundError, UpstreamError } from '../../errors.ts';
import type { Upstream } from '../../shared-reads/question.ts';
import { toClientCertificate } from './client-certificate.ts';
import { clientCertificateList, type Item } from './list.ts';

/** How client certificates are read at AWS. What AWS sent broken is an error in the place of the certificate. */
export function clientCertificateUpstream(region: string): Upstream<Item> {
  const toItem = (item: AwsClientCertificate): Item => toClientCertificate(item, region);
  return {
    list: clientCertificateList,
    readOne: (clientCertificateId, calls, signal) =>
      calls.read(new GetClientCertificateCommand({ clientCertificateId }), signal).then(toItem, (error) => {
        if (error instanceof NotFoundError) return null;
        throw error;
      }),
    readPage: async (limit, position, calls, signal) => {
      const page = await calls.read(new GetClientCertificatesCommand({ limit, position }), signal);
      const { items = [] } = page;
      if (!Array.isArray(items) || typeof (page.position ?? '') !== 'string')
        throw new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS sent a list that is none.');
      return { items: items.map(toItem), position: page.position || undefined };
    },
  };
}
