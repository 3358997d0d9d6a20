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
import type { AwsCalls } from './aws-calls.ts';
import { type ClientCertificate, type Expiry, toClientCertificate } from './client-certificate.ts';
import { arnOf, expectedId, parseClientCertificateId } from './client-certificate-id.ts';
import {
  clientCertificateList,
  conditionsOf,
  filterIssues,
  type Item,
  type ListArguments,
  listOf,
  matcher,
} from './client-certificate-list.ts';
import { CertwayError, type InputIssue, InvalidInputError, NotFoundError, UpstreamError } from './errors.ts';
import { descriptionIssues, got, refuse, type Tag, tagIssues, tagKeyIssues } from './input-rules.ts';
import {
  allPages,
  cursorIssue,
  type Edge,
  looseEdge,
  type Page,
  type PageArguments,
  type Placed,
  parseWindow,
  type Slice,
  sliceOfAll,
  sliceOfPages,
  sorted,
} from './paging.ts';
import { requireScope, type Viewer } from './viewer.ts';
import { parseX509, type X509Certificate } from './x509.ts';

/** A page and the count, each read only when it is asked for. */
export type Connection = { slice(): Promise<Slice<Item>>; totalCount(): Promise<number> };

export type ClientCertificatesOptions = {
  aws: AwsCalls;
  region: string;
  viewer: Viewer;
  expiry: Expiry;
  /** More pages of AWS are never read for one operation's filters, orders and counts. */
  maxCollectionPages: number;
};

/**
 * The client certificates, as one GraphQL operation reads and changes them. An `id` may be the global id, the ARN or
 * AWS's own id; all input is checked before AWS is called. Mutations answer with AWS's id, under which `get` then
 * has the new state. This is the one door to the certificates: each read takes the scope `client-certificates:read`,
 * each write `client-certificates:write`, and without it they throw a `ForbiddenError` before anything else.
 */
export type ClientCertificates = {
  /** Null where there is none; `path` names the argument in the complaint about a malformed id. */
  find(id: string, path: string[]): Promise<ClientCertificate | null>;
  /** By AWS's id, which must exist. */
  get(clientCertificateId: string): Promise<ClientCertificate>;
  /** Throws at once where the arguments are wrong. */
  list(args: PageArguments & ListArguments): Connection;
  /** All there are, in AWS's order, without what is broken. */
  all(): Promise<ClientCertificate[]>;
  edge(clientCertificateId: string): Promise<Edge<Item>>;
  /** What the PEM says, parsed once an operation. */
  x509Of(certificate: ClientCertificate): Promise<X509Certificate>;
  generate(input: { description: string; tags: Tag[] }): Promise<string>;
  update(input: { id: string; description: string }): Promise<string>;
  /** Answers with the ARN that the certificate had. */
  delete(input: { id: string }): Promise<string>;
  tag(input: { id: string; tags: Tag[] }): Promise<string>;
  untag(input: { id: string; tagKeys: string[] }): Promise<string>;
};

export function createClientCertificates({
  aws,
  region,
  viewer,
  expiry,
  maxCollectionPages,
}: ClientCertificatesOptions): ClientCertificates {
  const seen = new Map<string, ClientCertificate>();
  /** An item of a list that is no certificate: whatever is not found may be this one. */
  let broken: CertwayError | undefined;
  const x509s = new DataLoader<ClientCertificate, X509Certificate>(parseInTurns);
  const listsInFlight = new Set<Promise<unknown>>();
  const loader = new DataLoader<string, ClientCertificate | null>(loadBatch);
  let collection: Promise<Placed<Item>[]> | undefined;

  const mayRead = () => requireScope(viewer, 'client-certificates:read');
  const mayWrite = () => requireScope(viewer, 'client-certificates:write');

  /** All certificates, read once an operation. */
  function readCollection(): Promise<Placed<Item>[]> {
    collection ??= inFlight(Array.fromAsync(pages()).then((read) => read.flat()));
    return collection;
  }

  function inFlight<T>(list: Promise<T>): Promise<T> {
    listsInFlight.add(list);
    return list.finally(() => listsInFlight.delete(list));
  }

  const pages = () => allPages(clientCertificateList, readPage, maxCollectionPages);

  /** Several pending ids are one list, since AWS has no batch get; a list that is on its way may have them all. */
  async function loadBatch(ids: readonly string[]): Promise<(Item | null)[]> {
    await Promise.allSettled(listsInFlight);
    const missing = ids.filter((id) => !seen.has(id));
    const isComplete = await collection?.then(Boolean, () => false);
    const [single, ...others] = isComplete ? [] : missing;
    if (single !== undefined && others.length === 0) {
      const read = await readOne(single);
      return ids.map((id) => seen.get(id) ?? read);
    }
    if (single !== undefined) for await (const _ of pages()) if (missing.every((id) => seen.has(id))) break;
    return ids.map((id) => seen.get(id) ?? broken ?? null);
  }

  async function readOne(clientCertificateId: string): Promise<Item | null> {
    const command = new GetClientCertificateCommand({ clientCertificateId });
    return aws.read(command).then(remember, (error) => (error instanceof NotFoundError ? null : error));
  }

  async function readPage(limit: number, position: string | undefined): Promise<Page<Item>> {
    const page = await aws.read(new GetClientCertificatesCommand({ limit, position }));
    const { items = [] } = page;
    if (!Array.isArray(items))
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS sent a list that is none.');
    return { items: items.map(remember), position: page.position || undefined };
  }

  function remember(item: AwsClientCertificate): Item {
    const certificate = toClientCertificate(item, region);
    if (certificate instanceof CertwayError) {
      broken ??= certificate;
      return certificate;
    }
    seen.set(certificate.clientCertificateId, certificate);
    return certificate;
  }

  function forget(clientCertificateId: string): string {
    seen.delete(clientCertificateId);
    collection = undefined;
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
    mayRead();
    const certificate = await loader.load(clientCertificateId);
    if (!certificate) throw new NotFoundError();
    return certificate;
  }

  return {
    get,

    async find(id, path) {
      mayRead();
      const { clientCertificateId, issues } = parseId(id, path);
      refuse(issues);
      return loader.load(clientCertificateId);
    },

    x509Of: (certificate) => x509s.load(certificate),

    list({ orderBy, ...args }) {
      mayRead();
      const filter = conditionsOf(args.filter);
      const list = listOf({ filter, orderBy });
      const window = parseWindow(list, args, filterIssues(filter));
      const isPlain = list === clientCertificateList && window.first !== undefined && !window.before;
      const all = once(async () => {
        const matches = matcher(filter, expiry);
        return (await readCollection()).filter(({ node }) => matches(node));
      });
      const fromPages = async () => {
        await endOfTurn();
        return collection ? fromAll() : sliceOfPages(list, window, readPage).catch(blameCursor(args.after));
      };
      const fromAll = async () => sliceOfAll(list, sorted(list, await all()), window);
      return {
        slice: once(() => (isPlain ? inFlight(fromPages()) : fromAll())),
        totalCount: async () => (await all()).length,
      };
    },

    async all() {
      mayRead();
      await readCollection();
      return [...seen.values()];
    },

    async edge(clientCertificateId) {
      mayRead();
      return looseEdge(clientCertificateList, await get(clientCertificateId));
    },

    async generate({ description, tags }) {
      mayWrite();
      refuse([
        ...descriptionIssues(description, ['input', 'description']),
        ...(tags.length > 0 ? tagIssues(tags, ['input', 'tags']) : []),
      ]);
      return renew(await aws.write(new GenerateClientCertificateCommand({ description, tags: toMap(tags) })));
    },

    async update({ id, description }) {
      mayWrite();
      const { clientCertificateId, issues } = parseId(id, ['input', 'id']);
      refuse([...issues, ...descriptionIssues(description, ['input', 'description'])]);
      const patchOperations = [{ op: 'replace' as const, path: '/description', value: description }];
      return renew(
        await aws.write(new UpdateClientCertificateCommand({ clientCertificateId, patchOperations })),
      );
    },

    async delete({ id }) {
      mayWrite();
      const { clientCertificateId, issues } = parseId(id, ['input', 'id']);
      refuse(issues);
      await aws.write(new DeleteClientCertificateCommand({ clientCertificateId })).catch(ignoreRepeated);
      return arnOf(region, forget(clientCertificateId));
    },

    async tag({ id, tags }) {
      mayWrite();
      const { clientCertificateId, issues } = parseId(id, ['input', 'id']);
      refuse([...issues, ...tagIssues(tags, ['input', 'tags'])]);
      const resourceArn = arnOf(region, clientCertificateId);
      await aws.write(new TagResourceCommand({ resourceArn, tags: toMap(tags) }));
      return forget(clientCertificateId);
    },

    async untag({ id, tagKeys }) {
      mayWrite();
      const { clientCertificateId, issues } = parseId(id, ['input', 'id']);
      refuse([...issues, ...tagKeyIssues(tagKeys, ['input', 'tagKeys'])]);
      const resourceArn = arnOf(region, clientCertificateId);
      await aws.write(new UntagResourceCommand({ resourceArn, tagKeys }));
      return forget(clientCertificateId);
    },
  };
}

/** When all fields that are resolved in this turn of the event loop have said what they need. */
const endOfTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** For how long one turn of the event loop may parse certificates, so that other requests are not held up. */
const MAX_TURN_MS = 10;

async function parseInTurns(
  certificates: readonly ClientCertificate[],
): Promise<(X509Certificate | UpstreamError)[]> {
  const parsed: (X509Certificate | UpstreamError)[] = [];
  let startedAtMs = performance.now();
  for (const { pemEncodedCertificate } of certificates) {
    if (performance.now() - startedAtMs > MAX_TURN_MS) {
      await endOfTurn();
      startedAtMs = performance.now();
    }
    parsed.push(parseX509(pemEncodedCertificate));
  }
  return parsed;
}

function once<T>(run: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= run();
    return result;
  };
}

const toMap = (tags: Tag[]) => Object.fromEntries(tags.map(({ key, value }) => [key, value]));

/** Where AWS refuses the `position` of a cursor, it is the cursor that is wrong: a forged one, or an outlived one. */
const blameCursor = (after: string | null | undefined) => (error: unknown) => {
  if (after == null || !(error instanceof InvalidInputError) || !error.aws) throw error;
  throw Object.assign(new InvalidInputError([cursorIssue('after', after)]), { aws: error.aws });
};

/** A delete that was repeated after its answer was lost finds nothing: that is what was wanted. */
function ignoreRepeated(error: unknown): void {
  if (!(error instanceof NotFoundError && (error.$metadata?.attempts ?? 1) > 1)) throw error;
}
