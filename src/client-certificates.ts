import {
  type ClientCertificate as AwsClientCertificate,
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
  GetClientCertificateCommand,
  GetClientCertificatesCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateClientCertificateCommand,
} from '@aws-sdk/client-api-gateway';
import DataLoader from 'dataloader';
import type { ApiGateway } from './api-gateway.ts';
import { type ClientCertificate, toClientCertificate } from './client-certificate.ts';
import { arnOf, expectedId, parseClientCertificateId } from './client-certificate-id.ts';
import { CertwayError, type InputIssue, InvalidInputError, NotFoundError, UpstreamError } from './errors.ts';
import { descriptionIssues, got, refuse, type Tag, tagIssues, tagKeyIssues } from './input-rules.ts';
import {
  allPages,
  type Connection,
  connectionFromPages,
  cursorIssue,
  type Edge,
  looseEdge,
  type Page,
  type PageArguments,
} from './paging.ts';
import { parseX509, type X509Certificate } from './x509.ts';

/** An item of a list: a certificate, or why what AWS sent is none. */
export type Item = ClientCertificate | CertwayError;

/**
 * The client certificates, as one GraphQL operation reads and changes them. An `id` may be the global id, the ARN or
 * AWS's own id; all input is checked before AWS is called. Mutations answer with AWS's id, under which `get` then
 * has the new state.
 */
export type ClientCertificates = {
  /** Null where there is none; `path` names the argument in the complaint about a malformed id. */
  find(id: string, path: string[]): Promise<ClientCertificate | null>;
  /** By AWS's id, which must exist. */
  get(clientCertificateId: string): Promise<ClientCertificate>;
  list(args: PageArguments): Promise<Connection<Item>>;
  edge(clientCertificateId: string): Promise<Edge<Item>>;
  /** What the PEM says, parsed once an operation. */
  x509Of(certificate: ClientCertificate): X509Certificate;
  generate(input: { description: string; tags: Tag[] }): Promise<string>;
  update(input: { id: string; description: string }): Promise<string>;
  /** Answers with the ARN that the certificate had. */
  delete(input: { id: string }): Promise<string>;
  tag(input: { id: string; tags: Tag[] }): Promise<string>;
  untag(input: { id: string; tagKeys: string[] }): Promise<string>;
};

const TYPE = 'ClientCertificate';

export function createClientCertificates({ client, region }: ApiGateway): ClientCertificates {
  const seen = new Map<string, ClientCertificate>();
  const x509s = new Map<ClientCertificate, X509Certificate>();
  const listsInFlight = new Set<Promise<unknown>>();
  const loader = new DataLoader<string, ClientCertificate | null>(loadBatch);

  /** Several pending ids are one list, since AWS has no batch get; a list that is on its way may have them all. */
  async function loadBatch(ids: readonly string[]): Promise<(Item | null)[]> {
    await Promise.allSettled(listsInFlight);
    const missing = () => ids.filter((id) => !seen.has(id));
    if (missing().length > 1) {
      let broken: CertwayError | undefined; // what is not found may be this one
      for await (const items of allPages(readPage)) {
        broken ??= items.find((item) => item instanceof CertwayError);
        if (missing().length === 0) break;
      }
      return ids.map((id) => seen.get(id) ?? broken ?? null);
    }
    const read = new Map(await Promise.all(missing().map(async (id) => [id, await readOne(id)] as const)));
    return ids.map((id) => seen.get(id) ?? read.get(id) ?? null);
  }

  async function readOne(clientCertificateId: string): Promise<Item | null> {
    const command = new GetClientCertificateCommand({ clientCertificateId });
    return client.send(command).then(remember, (error) => (error instanceof NotFoundError ? null : error));
  }

  async function readPage(limit: number, position: string | undefined): Promise<Page<Item>> {
    const page = await client.send(new GetClientCertificatesCommand({ limit, position }));
    const { items = [] } = page;
    if (!Array.isArray(items))
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS sent a list that is none.');
    return { items: items.map(remember), position: page.position || undefined };
  }

  function remember(item: AwsClientCertificate): Item {
    const certificate = toClientCertificate(item, region);
    if (certificate instanceof CertwayError) return certificate;
    seen.set(certificate.clientCertificateId, certificate);
    return certificate;
  }

  function forget(clientCertificateId: string): string {
    seen.delete(clientCertificateId);
    loader.clear(clientCertificateId);
    return clientCertificateId;
  }

  /** What AWS answered to a write is the newest state. */
  function renew(item: AwsClientCertificate): string {
    const certificate = toClientCertificate(item, region);
    if (certificate instanceof CertwayError) throw certificate;
    forget(certificate.clientCertificateId);
    seen.set(certificate.clientCertificateId, certificate);
    return certificate.clientCertificateId;
  }

  function parseId(id: string, path: string[]): { clientCertificateId: string; issues: InputIssue[] } {
    const clientCertificateId = parseClientCertificateId(region, id);
    const issues = [{ path, message: `${expectedId(region)}, got ${got(id)}` }];
    return clientCertificateId === undefined
      ? { clientCertificateId: '', issues }
      : { clientCertificateId, issues: [] };
  }

  async function get(clientCertificateId: string): Promise<ClientCertificate> {
    const certificate = await loader.load(clientCertificateId);
    if (!certificate) throw new NotFoundError();
    return certificate;
  }

  return {
    get,

    async find(id, path) {
      const { clientCertificateId, issues } = parseId(id, path);
      refuse(issues);
      return loader.load(clientCertificateId);
    },

    x509Of(certificate) {
      const parsed = x509s.get(certificate) ?? parseX509(certificate.pemEncodedCertificate);
      x509s.set(certificate, parsed);
      return parsed;
    },

    async list(args) {
      const list = connectionFromPages(TYPE, args, idOf, readPage).catch(blameCursor(args.after));
      listsInFlight.add(list);
      return list.finally(() => listsInFlight.delete(list));
    },

    async edge(clientCertificateId) {
      return looseEdge(TYPE, await get(clientCertificateId), clientCertificateId);
    },

    async generate({ description, tags }) {
      refuse([
        ...descriptionIssues(description, ['input', 'description']),
        ...(tags.length > 0 ? tagIssues(tags, ['input', 'tags']) : []),
      ]);
      return renew(
        await client.send(new GenerateClientCertificateCommand({ description, tags: toMap(tags) })),
      );
    },

    async update({ id, description }) {
      const { clientCertificateId, issues } = parseId(id, ['input', 'id']);
      refuse([...issues, ...descriptionIssues(description, ['input', 'description'])]);
      const patchOperations = [{ op: 'replace' as const, path: '/description', value: description }];
      return renew(
        await client.send(new UpdateClientCertificateCommand({ clientCertificateId, patchOperations })),
      );
    },

    async delete({ id }) {
      const { clientCertificateId, issues } = parseId(id, ['input', 'id']);
      refuse(issues);
      await client.send(new DeleteClientCertificateCommand({ clientCertificateId })).catch(ignoreRepeated);
      return arnOf(region, forget(clientCertificateId));
    },

    async tag({ id, tags }) {
      const { clientCertificateId, issues } = parseId(id, ['input', 'id']);
      refuse([...issues, ...tagIssues(tags, ['input', 'tags'])]);
      const resourceArn = arnOf(region, clientCertificateId);
      await client.send(new TagResourceCommand({ resourceArn, tags: toMap(tags) }));
      return forget(clientCertificateId);
    },

    async untag({ id, tagKeys }) {
      const { clientCertificateId, issues } = parseId(id, ['input', 'id']);
      refuse([...issues, ...tagKeyIssues(tagKeys, ['input', 'tagKeys'])]);
      const resourceArn = arnOf(region, clientCertificateId);
      await client.send(new UntagResourceCommand({ resourceArn, tagKeys }));
      return forget(clientCertificateId);
    },
  };
}

const idOf = (item: Item) => (item instanceof CertwayError ? '' : item.clientCertificateId);

const toMap = (tags: Tag[]) => Object.fromEntries(tags.map(({ key, value }) => [key, value]));

/** Where AWS refuses the `position` of a cursor, it is the cursor that is wrong: a forged one, or an outlived one. */
const blameCursor = (after: string | null | undefined) => (error: unknown) => {
  if (after == null || !(error instanceof InvalidInputError) || !error.aws) throw error;
  throw Object.assign(new InvalidInputError([cursorIssue(after)]), { aws: error.aws });
};

/** A delete that was repeated after its answer was lost finds nothing: that is what was wanted. */
function ignoreRepeated(error: unknown): void {
  if (!(error instanceof NotFoundError && (error.$metadata?.attempts ?? 1) > 1)) throw error;
}
