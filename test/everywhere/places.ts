import type { Example, Seeds } from '../../src/emulator/seeds.ts';
import { encodeGlobalId } from '../../src/relay/global-id.ts';
import { nameOf, type Place } from './support.ts';

/** When the certificates of these tests were generated, which is less than a year ago. */
const CREATED = new Date(Date.now() - 86_400_000);

/** Certificates with these ids. */
export const withIds = (...ids: string[]): Seeds => ({
  examples: ids.map((id): Example => ({ id, createdDate: CREATED })),
});

export const arnIn = (place: Place, clientCertificateId: string): string =>
  `arn:aws:apigateway:${nameOf(place).region}::/clientcertificates/${clientCertificateId}`;

export const globalIdIn = (place: Place, clientCertificateId: string): string =>
  encodeGlobalId('ClientCertificate', `${nameOf(place).accountId}:${arnIn(place, clientCertificateId)}`);

/** As it was before there were accounts. */
export const oldIdIn = (place: Place, clientCertificateId: string): string =>
  encodeGlobalId('ClientCertificate', arnIn(place, clientCertificateId));

/** `restapis/r000/stages/prod` */
export const stageIdIn = (place: Place, path: string): string =>
  encodeGlobalId(
    'ApiStage',
    `${nameOf(place).accountId}:arn:aws:apigateway:${nameOf(place).region}::/${path}`,
  );
