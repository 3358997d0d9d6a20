import { PLACE_FILTER } from '../account-region.ts';
import { builder } from '../builder.ts';

export const ClientCertificateStatus = builder.enumType('ClientCertificateStatus', {
  description: 'How near the end of its 365 days a certificate is.',
  values: {
    VALID: { description: 'It expires later than `EXPIRING` says (by default, in more than 30 days).' },
    EXPIRING: {
      description:
        'It expires soon (by default, within 30 days). Generate another one, and let the backends trust both.',
    },
    EXPIRED: { description: 'Backends that check it refuse API Gateway.' },
  },
});

export const ClientCertificateUsage = builder.enumType('ClientCertificateUsage', {
  description: 'Whether a stage uses a certificate.',
  values: {
    IN_USE: { description: 'At least one stage uses it.' },
    UNKNOWN: {
      description:
        'No known stage uses it, but not all stages have been read yet, or reading is switched off.',
    },
    UNUSED: { description: 'All stages have been read, and none uses it.' },
  },
});

const TagFilter = builder.inputType('TagFilter', {
  description: 'A tag that a certificate must have.',
  fields: (t) => ({
    key: t.string({ description: 'Case-sensitive.' }),
    value: t.string({ required: false, description: 'Case-sensitive; by default, any value.' }),
  }),
});

export const ClientCertificateFilter = builder.inputType('ClientCertificateFilter', {
  description: 'Conditions for certificates, all of which must hold.',
  fields: (t) => ({
    accounts: t.stringList(PLACE_FILTER.accounts),
    regions: t.stringList(PLACE_FILTER.regions),
    status: t.field({ type: [ClientCertificateStatus], required: false, description: 'One of these.' }),
    expiresBefore: t.field({ type: 'DateTime', required: false, description: 'Expires before this moment.' }),
    expiresAfter: t.field({ type: 'DateTime', required: false, description: 'Expires after this moment.' }),
    createdBefore: t.field({
      type: 'DateTime',
      required: false,
      description: 'Generated before this moment.',
    }),
    createdAfter: t.field({ type: 'DateTime', required: false, description: 'Generated after this moment.' }),
    descriptionContains: t.string({
      required: false,
      description: 'The description contains this text, ignoring case: `strasse` matches `Straße`, too.',
    }),
    tags: t.field({ type: [TagFilter], required: false, description: 'Has all of these tags; up to 50.' }),
    usage: t.field({ type: [ClientCertificateUsage], required: false, description: 'One of these.' }),
  }),
});

const ClientCertificateOrderField = builder.enumType('ClientCertificateOrderField', {
  description: 'What certificates can be ordered by.',
  values: {
    CREATED_DATE: { description: 'When it was generated.' },
    EXPIRATION_DATE: { description: 'When it expires.' },
    DESCRIPTION: {
      description:
        'The first 64 characters of the description, ignoring case. Certificates without a description come last.',
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
  description: 'An order of certificates. Equal ones are ordered by id.',
  fields: (t) => ({
    field: t.field({ type: ClientCertificateOrderField, description: 'What to order by.' }),
    direction: t.field({ type: OrderDirection, defaultValue: 'ASC', description: 'Which end comes first.' }),
  }),
});
