import type {
  ClientCertificate,
  ClientCertificates,
  DeleteClientCertificateRequest,
  GenerateClientCertificateRequest,
  GetClientCertificateRequest,
  GetClientCertificatesRequest,
  UpdateClientCertificateRequest,
} from '@aws-sdk/client-api-gateway';
import { type Account, newId, wholeSeconds } from '../account.ts';
import { chosen } from '../errors.ts';
import { checkFaultTag } from '../fault.ts';
import type { StoredCertificate } from '../store/client-certificates.ts';
import { createClientCertificatePem, LIFETIME_MS, privateKeyOf } from '../x509.ts';
import { pageOf } from './pages.ts';
import { checkDescription, checkModel, checkTags, descriptionAfter } from './rules.ts';

export function getClientCertificates(
  { store }: Account,
  request: GetClientCertificatesRequest,
): ClientCertificates {
  const { items, position } = pageOf(request, store.certificates.page, ({ id }) => id);
  return { items: items.map(toClientCertificate), position };
}

export const getClientCertificate = (account: Account, request: GetClientCertificateRequest) =>
  toClientCertificate(findCertificate(account, request.clientCertificateId));

export async function generateClientCertificate(
  account: Account,
  { description = '', tags = {} }: GenerateClientCertificateRequest,
): Promise<ClientCertificate> {
  checkDescription(description);
  checkTags(tags);
  if (account.store.certificates.count() >= account.quota) throw chosen.quota();
  return toClientCertificate(await createCertificate(account, { description, tags }));
}

export function updateClientCertificate(
  account: Account,
  { clientCertificateId, patchOperations = [] }: UpdateClientCertificateRequest,
): ClientCertificate {
  checkModel('updateClientCertificateInput', patchOperations);
  const certificate = findCertificate(account, clientCertificateId);
  checkFaultTag(certificate.tags);
  const description = descriptionAfter(patchOperations, certificate.description);
  checkDescription(description);
  account.store.certificates.setDescription(certificate.id, description);
  return toClientCertificate({ ...certificate, description });
}

export function deleteClientCertificate(account: Account, request: DeleteClientCertificateRequest): void {
  const { id, tags } = findCertificate(account, request.clientCertificateId);
  checkFaultTag(tags);
  const { certificates, restApis, v2Apis } = account.store;
  if ([restApis, v2Apis].some(({ stages }) => stages.isAnyWith('clientCertificateId', id)))
    throw chosen.certificateInUse(id);
  certificates.delete(id);
}

/** Stores a certificate and its private key. No operation answers with the key. */
export async function createCertificate(
  { store, quota, now, generateKeyPair }: Account,
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

export function findCertificate({ store }: Account, id = ''): StoredCertificate {
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
