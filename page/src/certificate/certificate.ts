import type { CertificateQuery } from '../api/generated/graphql.ts';

/** A certificate as its view shows it. */
export type Certificate = NonNullable<CertificateQuery['clientCertificate']>;
