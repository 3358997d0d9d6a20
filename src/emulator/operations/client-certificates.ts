import type {
  ClientCertificate,
  ClientCertificates,
  DeleteClientCertificateRequest,
  GenerateClientCertificateRequest,
  GetClientCertificateRequest,
  GetClientCertificatesRequest,
  UpdateClientCertificateRequest,
} from '@aws-sdk/client-api-gateway';
import { type AccountRegion, newId, wholeSeconds } from '../account-region.ts';
import { chosen } from '../errors.ts';
import { checkFaultTag } from '../fault.ts';
import type { StoredCertificate } from '../store/client-certificates.ts';
import { createClientCertificatePem, LIFETIME_MS, privateKeyOf } from '../x509.ts';
import { pageOf } from './pages.ts';
import { checkDescription, checkModel, checkTags, descriptionAfter } from './rules.ts';

export function getClientCertificates(
  { store }: AccountRegion,
  request: GetClientCertificatesRequest,
): ClientCertificates {
  const { items, position } = pageOf(request, store.certificates.page, ({ id }) => id);
  return { items: items.map(toClientCertificate), position };
}

export const getClientCertificate = (accountRegion: AccountRegion, request: GetClientCertificateRequest) =>
  toClientCertificate(findCertificate(accountRegion, request.clientCertificateId));

export async function generateClientCertificate(
  accountRegion: AccountRegion,
  { description = '', tags = {} }: GenerateClientCertificateRequest,
): Promise<ClientCertificate> {
  checkDescription(description);
  checkTags(tags);
  if (accountRegion.store.certificates.count() >= accountRegion.quota) throw chosen.quota();
  return toClientCertificate(await createCertificate(accountRegion, { description, tags }));
}

export function updateClientCertificate(
  accountRegion: AccountRegion,
  { clientCertificateId, patchOperations = [] }: UpdateClientCertificateRequest,
): ClientCertificate {
  checkModel('updateClientCertificateInput', patchOperations);
  const certificate = findCertificate(accountRegion, clientCertificateId);
  checkFaultTag(certificate.tags);
  const description = descriptionAfter(patchOperations, certificate.description);
  checkDescription(description);
  accountRegion.store.certificates.setDescription(certificate.id, description);
  return toClientCertificate({ ...certificate, description });
}

export function deleteClientCertificate(
  accountRegion: AccountRegion,
  request: DeleteClientCertificateRequest,
): void {
  const { id, tags } = findCertificate(accountRegion, request.clientCertificateId);
  checkFaultTag(tags);
  const { certificates, restApis, v2Apis } = accountRegion.store;
  if ([restApis, v2Apis].some(({ stages }) => stages.isAnyWith('clientCertificateId', id)))
    throw chosen.certificateInUse(id);
  certificates.delete(id);
}

/** Stores a certificate and its private key. No operation answers with the key. */
export async function createCertificate(
  { store, quota, now, generateKeyPair }: AccountRegion,
  fields: { id?: string; description?: string; tags?: Record<string, string>; createdDate?: Date },
): Promise<StoredCertificate> {
  const keyPair = await generateKeyPair();
  const { description = '', tags = {} } = fields;
  const createdDate = wholeSeconds(fields.createdDate ?? now());
  const certificate = {
    id: fields.id ?? newId((id) => store.certificates.get(id) !== undefined),
    description,
    pem: createClientCertificatePem(keyPair, createdDate),
    createdDate,
    expirationDate: new Date(createdDate.getTime() + LIFETIME_MS),
    tags,
  };
  const isStored = store.transaction(() =>
    store.certificates.insert(certificate, privateKeyOf(keyPair), quota),
  );
  if (!isStored) throw chosen.quota();
  return certificate;
}

export function findCertificate({ store }: AccountRegion, id = ''): StoredCertificate {
  const certificate = store.certificates.get(id);
  if (!certificate) throw chosen.notFound();
  return certificate;
}

/** Leaves out empty members, as AWS does. */
const toClientCertificate = ({
  id,
  description,
  pem,
  tags,
  ...dates
}: StoredCertificate): ClientCertificate => ({
  clientCertificateId: id,
  ...(description !== '' && { description }),
  pemEncodedCertificate: pem,
  ...dates,
  ...(Object.keys(tags).length > 0 && { tags }),
});
