import {
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateClientCertificateCommand,
} from '@aws-sdk/client-api-gateway';
import type { AwsCalls } from '../../aws/calls.ts';
import { inPlaceOf, NotFoundError, UpstreamError } from '../../errors.ts';
import { throwIfInvalid } from '../../input-issues.ts';
import { type Tag, tagIssues, tagKeyIssues } from '../tags.ts';
import { descriptionIssues } from './descriptions.ts';
import { arnOf, parseIdArgument } from './id.ts';
import { sayWhatIsMissing } from './not-found.ts';
import type { Reads } from './reads.ts';

/** Changes of certificates. They return AWS's id, under which `get` then has the new state. */
export type Writes = {
  generate(input: { description: string; tags: Tag[] }): Promise<string>;
  update(input: { id: string; description: string }): Promise<string>;
  /** Returns the ARN that the certificate had. */
  delete(input: { id: string }): Promise<string>;
  tag(input: { id: string; tags: Tag[] }): Promise<string>;
  untag(input: { id: string; tagKeys: string[] }): Promise<string>;
};

export type WritesOptions = {
  aws: AwsCalls;
  region: string;
  reads: Pick<Reads, 'renew'>;
  /** Forgets everything that was read before a write. */
  forget: () => void;
};

export function createWrites({ aws, region, reads, forget }: WritesOptions): Writes {
  /** Reads are forgotten before the response is sent, even if nobody knows whether the write happened. */
  const write: AwsCalls['write'] = (command) => aws.write(command).catch(sayWhatIsMissing).finally(forget);

  return {
    async generate({ description, tags }) {
      throwIfInvalid([
        ...descriptionIssues(description, ['input', 'description']),
        ...(tags.length > 0 ? tagIssues(tags, ['input', 'tags']) : []),
      ]);
      // AWS refuses empty texts elsewhere
      const input = {
        ...(description !== '' && { description }),
        ...(tags.length > 0 && { tags: toMap(tags) }),
      };
      const command = new GenerateClientCertificateCommand(input);
      return reads.renew(await write(command).catch(sayThatItMayExist));
    },

    async update({ id, description }) {
      const { clientCertificateId, issues } = parseIdArgument(region, id, ['input', 'id']);
      throwIfInvalid([...issues, ...descriptionIssues(description, ['input', 'description'])]);
      const patchOperations = [{ op: 'replace' as const, path: '/description', value: description }];
      return reads.renew(
        await write(new UpdateClientCertificateCommand({ clientCertificateId, patchOperations })),
      );
    },

    async delete({ id }) {
      const { clientCertificateId, issues } = parseIdArgument(region, id, ['input', 'id']);
      throwIfInvalid(issues);
      await write(new DeleteClientCertificateCommand({ clientCertificateId })).catch(ignoreRepeated);
      return arnOf(region, clientCertificateId);
    },

    async tag({ id, tags }) {
      const { clientCertificateId, issues } = parseIdArgument(region, id, ['input', 'id']);
      throwIfInvalid([...issues, ...tagIssues(tags, ['input', 'tags'])]);
      const resourceArn = arnOf(region, clientCertificateId);
      await write(new TagResourceCommand({ resourceArn, tags: toMap(tags) }));
      return clientCertificateId;
    },

    async untag({ id, tagKeys }) {
      const { clientCertificateId, issues } = parseIdArgument(region, id, ['input', 'id']);
      throwIfInvalid([...issues, ...tagKeyIssues(tagKeys, ['input', 'tagKeys'])]);
      const resourceArn = arnOf(region, clientCertificateId);
      await write(new UntagResourceCommand({ resourceArn, tagKeys }));
      return clientCertificateId;
    },
  };
}

const toMap = (tags: Tag[]) => Object.fromEntries(tags.map(({ key, value }) => [key, value]));

/** A generate cannot be repeated. If its outcome is unknown, the message says so. */
function sayThatItMayExist(error: unknown): never {
  if (!(error instanceof UpstreamError && error.mayHaveHappened)) throw error;
  const message = `${error.message} The client certificate may exist anyway: look at the newest ones before you try again.`;
  throw inPlaceOf(error, new UpstreamError(error.code, message));
}

/** A delete that is repeated after its answer was lost finds nothing, which is the wanted outcome. */
function ignoreRepeated(error: unknown): void {
  if (!(error instanceof NotFoundError && (error.attempts ?? 1) > 1)) throw error;
}
