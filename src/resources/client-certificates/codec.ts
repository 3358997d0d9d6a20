import type { AccountRegion } from '../../aws/account-region.ts';
import type { Codec } from '../../shared-reads/texts.ts';
import { toClientCertificate } from './client-certificate.ts';
import { type Item, isWhole } from './list.ts';

/** Keeps certificates as AWS describes them, so that what is read again is checked as AWS's own answers are. A broken one is null. */
export const clientCertificateCodec = (accountRegion: AccountRegion): Codec<Item> => ({
  toJson: (item) => {
    if (!isWhole(item)) return null;
    const { clientCertificateId, description, createdDate, expirationDate, pemEncodedCertificate, tags } =
      item;
    return {
      clientCertificateId,
      description: description ?? undefined,
      createdDate: createdDate.getTime(),
      expirationDate: expirationDate.getTime(),
      pemEncodedCertificate,
      tags: tags.length > 0 ? Object.fromEntries(tags.map(({ key, value }) => [key, value])) : undefined,
    };
  },
  reader: async () => {
    if (accountRegion.account !== undefined) await accountRegion.identify();
    return (json) => {
      const { createdDate, expirationDate, ...others } = Object(json);
      return toClientCertificate(
        { ...others, createdDate: new Date(createdDate), expirationDate: new Date(expirationDate) },
        accountRegion,
      );
    };
  },
});
