import {
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateClientCertificateCommand,
} from '@aws-sdk/client-api-gateway';
import { requireScope, type Viewer } from '../../auth/viewer.ts';
import type { AwsCalls } from '../../aws/calls.ts';
import { CertwayError, type InputIssue, InvalidInputError, NotFoundError } from '../../errors.ts';
import { throwIfInvalid } from '../../input-issues.ts';
import { type MaybePromise, mapMaybePromise } from '../../maybe-promise.ts';
import { cursorIssue } from '../../relay/cursors.ts';
import type { Edge } from '../../relay/list.ts';
import { edgeForNew, emptySlice, type Slice, sliceOfAll } from '../../relay/slices.ts';
import { isAfterLoose, type PageArguments, parseWindow } from '../../relay/window.ts';
import type { SharedReads } from '../../shared-reads/shared-reads.ts';
import { filterInSlices } from '../in-slices.ts';
import { type Tag, tagIssues, tagKeyIssues } from '../tags.ts';
import type { ClientCertificate, Expiry } from './client-certificate.ts';
import type { FoldedDescriptions } from './descriptions.ts';
import { descriptionIssues } from './descriptions.ts';
import { arnOf, expectedId, expectedRegion, parseClientCertificateId } from './id.ts';
import {
  clientCertificateList,
  conditionsOf,
  filterIssues,
  type Item,
  type ListArguments,
  listOf,
  matcher,
} from './list.ts';
import { createReads } from './reads.ts';
import type { X509Certificate } from './x509.ts';

/** A page and the count, each read only when it is asked for. */
export type Connection = {
  slice(): MaybePromise<Slice<Item, MaybePromise<boolean>>>;
  totalCount(): MaybePromise<number>;
};

export type ClientCertificatesOptions = {
  cache: SharedReads<Item>;
  aws: AwsCalls;
  region: string;
  viewer: Viewer;
  expiry: Expiry;
  /** Resolves when the operation may go on after it has waited. */
  inTurn: () => Promise<void>;
  /** The same; rejects with an `OverloadedError` where nobody waits any more, or the time for the operation is over. */
  inTurnAndTime: () => Promise<void>;
  x509Of: ClientCertificates['x509Of'];
  foldedDescriptionOf: FoldedDescriptions;
};

/**
 * The client certificates, as one GraphQL operation reads and changes them. An `id` may be the global id, the ARN or
 * AWS's own id; all input is checked before AWS is called. What is known is answered at once. Mutations answer with AWS's id, under which `get` then
 * has the new state. This is the one door to the certificates: each read takes the scope `client-certificates:read`,
 * each write `client-certificates:write`, and without it they throw a `ForbiddenError` before anything else.
 */
export type ClientCertificates = {
  /** Null where there is none; `path` names the argument in the complaint about a malformed id. */
  find(id: string, path: string[]): MaybePromise<ClientCertificate | null>;
  /** What to tell someone whose global id is of another region; undefined where it is not. */
  expectedRegion(id: string): string | undefined;
  /** By AWS's id, which must exist. */
  get(clientCertificateId: string): MaybePromise<ClientCertificate>;
  /** Throws at once where the arguments are wrong. */
  list(args: PageArguments & ListArguments): Connection;
  /** All there are, in AWS's order, without what is broken. */
  all(): Promise<ClientCertificate[]>;
  edge(clientCertificateId: string): MaybePromise<Edge<Item>>;
  /** What the PEM says, parsed once for all operations. */
  x509Of(certificate: ClientCertificate): MaybePromise<X509Certificate>;
  generate(input: { description: string; tags: Tag[] }): Promise<string>;
  update(input: { id: string; description: string }): Promise<string>;
  /** Answers with the ARN that the certificate had. */
  delete(input: { id: string }): Promise<string>;
  tag(input: { id: string; tags: Tag[] }): Promise<string>;
  untag(input: { id: string; tagKeys: string[] }): Promise<string>;
};

export function createClientCertificates({
  cache,
  aws,
  region,
  viewer,
  expiry,
  inTurn,
  inTurnAndTime,
  x509Of,
  foldedDescriptionOf,
}: ClientCertificatesOptions): ClientCertificates {
  const reads = createReads({ cache, calls: aws, region, inTurn });
  const mayRead = () => requireScope(viewer, 'client-certificates:read');
  const mayWrite = () => requireScope(viewer, 'client-certificates:write');

  function parseId(id: string, path: string[]): { clientCertificateId: string; issues: InputIssue[] } {
    const clientCertificateId = parseClientCertificateId(region, id);
    return clientCertificateId === undefined
      ? { clientCertificateId: '', issues: [{ path, message: expectedId(region, id) }] }
      : { clientCertificateId, issues: [] };
  }

  function get(clientCertificateId: string): MaybePromise<ClientCertificate> {
    mayRead();
    return mapMaybePromise(reads.load(clientCertificateId), (certificate) => {
      if (!certificate) throw new NotFoundError();
      return certificate;
    });
  }

  /** What was read before is forgotten before the answer leaves, also where nobody knows whether it happened. */
  const write: AwsCalls['write'] = (command) =>
    aws.write(command).finally(() => {
      cache.forget();
      reads.forget();
    });

  return {
    get,

    find(id, path) {
      mayRead();
      const { clientCertificateId, issues } = parseId(id, path);
      throwIfInvalid(issues);
      return reads.load(clientCertificateId);
    },

    expectedRegion: (id) => expectedRegion(region, id),

    x509Of,

    list({ orderBy, ...args }) {
      mayRead();
      const filter = conditionsOf(args.filter);
      const list = listOf({ filter, orderBy });
      const window = parseWindow(list, args, filterIssues(filter));
      const isPlain =
        list === clientCertificateList &&
        window.first !== undefined &&
        !window.before &&
        !isAfterLoose(window);
      const items = once(() =>
        mapMaybePromise(reads.all(), (all) => {
          const inOrder = all.sorted(list);
          if (!filter) return inOrder;
          const matches = matcher(filter, expiry, foldedDescriptionOf);
          return filterInSlices(inOrder, ({ node }) => matches(node), inTurnAndTime);
        }),
      );
      const slice = once(() => {
        if (!isPlain) return mapMaybePromise(items(), (all) => sliceOfAll(list, all, window));
        const slice = reads.slice(window);
        return slice instanceof Promise ? slice.catch(blameCursor(args.after)) : slice;
      });
      return {
        slice: window.first === 0 || window.last === 0 ? () => emptySlice(window, slice) : slice,
        totalCount: () => mapMaybePromise(items(), ({ length }) => length),
      };
    },

    async all() {
      mayRead();
      const { items } = await reads.all();
      return items.flatMap(({ node }) => (node instanceof CertwayError ? [] : [node]));
    },

    edge(clientCertificateId) {
      return mapMaybePromise(get(clientCertificateId), (certificate) =>
        edgeForNew(clientCertificateList, certificate),
      );
    },

    async generate({ description, tags }) {
      mayWrite();
      throwIfInvalid([
        ...descriptionIssues(description, ['input', 'description']),
        ...(tags.length > 0 ? tagIssues(tags, ['input', 'tags']) : []),
      ]);
      // AWS refuses what is empty elsewhere
      const input = {
        ...(description !== '' && { description }),
        ...(tags.length > 0 && { tags: toMap(tags) }),
      };
      return reads.renew(await write(new GenerateClientCertificateCommand(input)));
    },

    async update({ id, description }) {
      mayWrite();
      const { clientCertificateId, issues } = parseId(id, ['input', 'id']);
      throwIfInvalid([...issues, ...descriptionIssues(description, ['input', 'description'])]);
      const patchOperations = [{ op: 'replace' as const, path: '/description', value: description }];
      return reads.renew(
        await write(new UpdateClientCertificateCommand({ clientCertificateId, patchOperations })),
      );
    },

    async delete({ id }) {
      mayWrite();
      const { clientCertificateId, issues } = parseId(id, ['input', 'id']);
      throwIfInvalid(issues);
      await write(new DeleteClientCertificateCommand({ clientCertificateId })).catch(ignoreRepeated);
      return arnOf(region, clientCertificateId);
    },

    async tag({ id, tags }) {
      mayWrite();
      const { clientCertificateId, issues } = parseId(id, ['input', 'id']);
      throwIfInvalid([...issues, ...tagIssues(tags, ['input', 'tags'])]);
      const resourceArn = arnOf(region, clientCertificateId);
      await write(new TagResourceCommand({ resourceArn, tags: toMap(tags) }));
      return clientCertificateId;
    },

    async untag({ id, tagKeys }) {
      mayWrite();
      const { clientCertificateId, issues } = parseId(id, ['input', 'id']);
      throwIfInvalid([...issues, ...tagKeyIssues(tagKeys, ['input', 'tagKeys'])]);
      const resourceArn = arnOf(region, clientCertificateId);
      await write(new UntagResourceCommand({ resourceArn, tagKeys }));
      return clientCertificateId;
    },
  };
}

function once<T extends object>(run: () => MaybePromise<T>): () => MaybePromise<T> {
  let result: MaybePromise<T> | undefined;
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
