import {
  type ClientCertificate as AwsClientCertificate,
  GetClientCertificateCommand,
  GetClientCertificatesCommand,
} from '@aws-sdk/client-api-gateway';
import type { AccountRegion } from '../../aws/account-region.ts';
import { NotFoundError, UpstreamError } from '../../errors/errors.ts';
import type { Source } from '../../shared-reads/source.ts';
import { toClientCertificate } from './client-certificate.ts';
import { clientCertificateCodec } from './codec.ts';
import { clientCertificateListIn, type Item } from './list.ts';
import { sayWhatIsMissing } from './not-found.ts';

/** How client certificates are read from AWS. In place of a broken one there is an error. */
export function clientCertificateSource(accountRegion: AccountRegion): Source<Item> {
  const toItem = (item: AwsClientCertificate): Item => toClientCertificate(item, accountRegion);
  /** The answer, once it is known whose it is. */
  const identified = async <R>(answer: Promise<R>): Promise<R> =>
    accountRegion.account === undefined ? answer : (await Promise.all([answer, accountRegion.identify()]))[0];
  return {
    collection: `client-certificates ${accountRegion.name}`,
    list: clientCertificateListIn(accountRegion),
    codec: clientCertificateCodec(accountRegion),
    readOne: (clientCertificateId, send) =>
      identified(send(new GetClientCertificateCommand({ clientCertificateId }))).then(toItem, (error) => {
        if (error instanceof NotFoundError) return null;
        throw error;
      }),
    readPage: async (limit, position, send) => {
      const page = await identified(send(new GetClientCertificatesCommand({ limit, position }))).catch(
        sayWhatIsMissing,
      );
      const { items = [] } = page;
      if (!Array.isArray(items) || typeof (page.position ?? '') !== 'string')
        throw new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS sent something that is not a list.');
      return { items: items.map(toItem), position: page.position || undefined };
    },
  };
}
