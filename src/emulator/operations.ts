import { randomInt } from 'node:crypto';
import type {
  ClientCertificate,
  ClientCertificates,
  DeleteClientCertificateRequest,
  GenerateClientCertificateRequest,
  GetClientCertificateRequest,
  GetClientCertificatesRequest,
  GetTagsRequest,
  TagResourceRequest,
  Tags,
  UntagResourceRequest,
  UpdateClientCertificateRequest,
} from '@aws-sdk/client-api-gateway';
import { idFromArn } from './arn.ts';
import { chosen } from './errors.ts';
import { checkFaultTag } from './fault.ts';
import { decodePosition, encodePosition } from './position.ts';
import { checkDescription, checkModel, checkTags, descriptionAfter } from './rules.ts';
import type { Store, StoredCertificate } from './store.ts';
import { createClientCertificatePem, type KeyPair, LIFETIME_MS } from './x509.ts';

/** One region of one AWS account: its certificates, its quota, its clock and where its key pairs come from. */
export type Account = {
  store: Store;
  quota: number;
  now: () => Date;
  generateKeyPair: () => Promise<KeyPair>;
};

/** The service model's default and maximum for `limit`. */
const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 500;

/**
 * A negative limit is no error of AWS: GetApiKeys was recorded to answer 200 to -1 (LocalStack's AWS-validated snapshot
 * `get-api-keys-invalid-limit`, of an account without keys). That the page then has the default size is chosen here.
 */
export function getClientCertificates(
  { store }: Account,
  { limit: asked = DEFAULT_LIMIT, position }: GetClientCertificatesRequest,
): ClientCertificates {
  const limit = asked < 0 ? DEFAULT_LIMIT : asked;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) throw chosen.limit();
  const found = store.page(limit + 1, position === undefined ? undefined : decodePosition(position));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(toClientCertificate),
    ...(found.length > limit && last && { position: encodePosition(last.id) }),
  };
}

export const getClientCertificate = (account: Account, request: GetClientCertificateRequest) =>
  toClientCertificate(find(account, request.clientCertificateId));

export async function generateClientCertificate(
  account: Account,
  { description = '', tags = {} }: GenerateClientCertificateRequest,
): Promise<ClientCertificate> {
  checkDescription(description);
  checkTags(tags);
  if (account.store.count() >= account.quota) throw chosen.quota();
  return toClientCertificate(await createCertificate(account, { description, tags }));
}

export function updateClientCertificate(
  account: Account,
  { clientCertificateId, patchOperations = [] }: UpdateClientCertificateRequest,
): ClientCertificate {
  checkModel(patchOperations);
  const certificate = find(account, clientCertificateId);
  checkFaultTag(certificate.tags);
  const description = descriptionAfter(patchOperations, certificate.description);
  checkDescription(description);
  account.store.setDescription(certificate.id, description);
  return toClientCertificate({ ...certificate, description });
}

export function deleteClientCertificate(account: Account, request: DeleteClientCertificateRequest): void {
  const { id, tags } = find(account, request.clientCertificateId);
  checkFaultTag(tags);
  account.store.delete(id);
}

export function tagResource(
  account: Account,
  { resourceArn, tags }: TagResourceRequest,
  region: string,
): void {
  const certificate = find(account, idFromArn(resourceArn, region));
  if (!tags || Object.keys(tags).length === 0) throw chosen.tagsMissing();
  const merged = { ...certificate.tags, ...tags };
  checkTags(tags, merged);
  account.store.setTags(certificate.id, merged);
}

export function untagResource(
  account: Account,
  { resourceArn, tagKeys }: UntagResourceRequest,
  region: string,
): void {
  const certificate = find(account, idFromArn(resourceArn, region));
  if (!tagKeys || tagKeys.length === 0) throw chosen.tagKeysMissing();
  const kept = Object.entries(certificate.tags).filter(([key]) => !tagKeys.includes(key));
  account.store.setTags(certificate.id, Object.fromEntries(kept));
}

/** `position` and `limit` are in the model, "not currently supported", and change nothing. */
export const getTags = (account: Account, { resourceArn }: GetTagsRequest, region: string): Tags => ({
  tags: find(account, idFromArn(resourceArn, region)).tags,
});

/** Stores a certificate with a key pair of its own, of which the private half is dropped once it has signed. */
export async function createCertificate(
  { store, quota, now, generateKeyPair }: Account,
  fields: { id?: string; description?: string; tags?: Record<string, string>; createdDate?: Date },
): Promise<StoredCertificate> {
  const keyPair = await generateKeyPair();
  const { description = '', tags = {} } = fields;
  const createdDate = wholeSeconds(fields.createdDate ?? now());
  const certificate = {
    id: fields.id ?? newId(store),
    description,
    pem: createClientCertificatePem(keyPair, createdDate),
    createdDate,
    expirationDate: new Date(createdDate.getTime() + LIFETIME_MS),
    tags,
  };
  if (!store.insert(certificate, quota)) throw chosen.quota();
  return certificate;
}

function find({ store }: Account, id: string | undefined): StoredCertificate {
  const certificate = store.get(id ?? '');
  if (!certificate) throw chosen.notFound();
  return certificate;
}

/** Members that are empty are left out, as AWS does. */
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

/** Six of `[a-z0-9]`, as all ids in AWS's documentation. */
function newId(store: Store): string {
  const id = Array.from({ length: 6 }, () => randomInt(36).toString(36)).join('');
  return store.get(id) ? newId(store) : id;
}

const wholeSeconds = (date: Date) => new Date(Math.floor(date.getTime() / 1000) * 1000);
