import { builder } from '../builder.ts';

export const ClientCertificateStatus = builder.enumType('ClientCertificateStatus', {
  description: 'How near the end of its 365 days a certificate is.',
  values: {
    VALID: { description: 'It has more days left than the service was told to warn of (30 unless set).' },
    EXPIRING: { description: 'It expires soon: generate another, and let the backends trust both.' },
    EXPIRED: { description: 'Backends that check it refuse API Gateway.' },
  },
});

const TagFilter = builder.inputType('TagFilter', {
  description: 'A tag that a certificate must have.',
  fields: (t) => ({
    key: t.string({ description: 'Case-sensitive.' }),
    value: t.string({ required: false, description: 'Case-sensitive; any value unless given.' }),
  }),
});

export const ClientCertificateFilter = builder.inputType('ClientCertificateFilter', {
  description: 'What the certificates must have in common: all that is given here.',
  fields: (t) => ({
    status: t.field({ type: [ClientCertificateStatus], required: false, description: 'One of these.' }),
    expiresBefore: t.field({ type: 'DateTime', required: false, description: 'Expires earlier than that.' }),
    expiresAfter: t.field({ type: 'DateTime', required: false, description: 'Expires later than that.' }),
    createdBefore: t.field({
      type: 'DateTime',
      required: false,
      description: 'Generated earlier than that.',
    }),
    createdAfter: t.field({ type: 'DateTime', required: false, description: 'Generated later than that.' }),
    descriptionContains: t.string({
      required: false,
      description: 'Has this somewhere in its description, in any case: `strasse` is in `Straße`, too.',
    }),
    tags: t.field({ type: [TagFilter], required: false, description: 'Has all of these tags; up to 50.' }),
  }),
});

const ClientCertificateOrderField = builder.enumType('ClientCertificateOrderField', {
  description: 'What certificates can be ordered by.',
  values: {
    CREATED_DATE: { description: 'When it was generated.' },
    EXPIRATION_DATE: { description: 'When it expires.' },
    DESCRIPTION: {
      description:
        'Its description, without regard to case, by the first 64 characters; those without one last.',
    },
  },
});

const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Which end comes first.',
  values: {
    ASC: { description: 'The earliest first, or A to Z.' },
    DESC: { description: 'The latest first, or Z to A.' },
  },
});

export const ClientCertificateOrder = builder.inputType('ClientCertificateOrder', {
  description: 'An order of certificates; those that are equal in it are ordered by id.',
  fields: (t) => ({
    field: t.field({ type: ClientCertificateOrderField, description: 'What to order by.' }),
    direction: t.field({ type: OrderDirection, defaultValue: 'ASC', description: 'Which end comes first.' }),
  }),
});
