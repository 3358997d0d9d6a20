import {
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateClientCertificateCommand,
} from '@aws-sdk/client-api-gateway';
import type { AccountRegion } from '../../aws/account-region.ts';
import type { AwsCalls } from '../../aws/calls.ts';
import { inPlaceOf, NotFoundError, UpstreamError } from '../../errors/errors.ts';
import { throwIfInvalid } from '../../errors/input-issues.ts';
import type { MaybePromise } from '../../maybe-promise.ts';
import { choose } from '../everywhere/choose.ts';
import { type Tag, tagIssues, tagKeyIssues } from '../tags.ts';
import { type ClientCertificate, toClientCertificate } from './client-certificate.ts';
import { descriptionIssues } from './descriptions.ts';
import { type GenerateInput, parseGenerateInput } from './generate-input.ts';
import type { GenerateOnce } from './generate-once.ts';
import { arnOf, globalIdOf, parseIdArgument } from './id.ts';
import { sayWhatIsMissing } from './not-found.ts';
import type { Reads } from './reads.ts';

/** Changes of certificates. They return the global id, under which `get` then has the new state. */
export type Writes = {
  /** With `replaces` or an `idempotencyKey`, a certificate that the same request generated before is the answer. */
  generate(input: GenerateInput): Promise<{ id: string; generated: boolean }>;
  update(input: { id: string; description: string }): Promise<string>;
  delete(input: { id: string }): Promise<string>;
  tag(input: { id: string; tags: Tag[] }): Promise<string>;
  untag(input: { id: string; tagKeys: string[] }): Promise<string>;
};

export type WritesOptions = {
  aws: AwsCalls;
  accountRegion: AccountRegion;
  /** The name of the caller, whose idempotency keys are their own. */
  caller: string;
  generateOnce: GenerateOnce;
  reads: Pick<Reads, 'renew' | 'keep'>;
  /** Forgets everything that was read before a write, in other replicas once it has resolved. */
  forget: () => MaybePromise<unknown>;
};

export function createWrites(options: WritesOptions): Writes {
  const { aws, accountRegion, caller, generateOnce, reads, forget } = options;
  const { region } = accountRegion;

  /** Reads are forgotten before the response is sent, even if nobody knows whether the write happened. */
  const write: AwsCalls['write'] = (command) => aws.write(command).catch(sayWhatIsMissing).finally(forget);

  return {
    async generate(input) {
      const { request, issues } = parseGenerateInput(input, { region, caller });
      throwIfInvalid([...choose([accountRegion], input).issues, ...issues]);
      const { description, tags, mark } = request;
      // AWS refuses empty texts elsewhere
      const command = new GenerateClientCertificateCommand({
        ...(description !== '' && { description }),
        ...(tags.length > 0 && { tags: toMap(tags) }),
      });
      const generate = async () => knownOf(toClientCertificate(await write(command), accountRegion));
      if (!mark) return { id: reads.keep(await generate().catch(sayThatItMayExist)), generated: true };
      const { certificate, generated } = await generateOnce(
        { ...request, mark },
        {
          send: aws.write,
          limits: () => ({ forMs: aws.left().ms, wait: aws.use.patience?.wait }),
          generate,
          delete: ({ clientCertificateId }) =>
            write(new DeleteClientCertificateCommand({ clientCertificateId })).catch(ignoreMissing),
        },
      );
      return { id: reads.keep(certificate), generated };
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
      return globalIdOf(accountRegion, clientCertificateId);
    },

    async tag({ id, tags }) {
      const { clientCertificateId, issues } = parseIdArgument(region, id, ['input', 'id']);
      throwIfInvalid([...issues, ...tagIssues(tags, ['input', 'tags'])]);
      const resourceArn = arnOf(region, clientCertificateId);
      await write(new TagResourceCommand({ resourceArn, tags: toMap(tags) }));
      return globalIdOf(accountRegion, clientCertificateId);
    },

    async untag({ id, tagKeys }) {
      const { clientCertificateId, issues } = parseIdArgument(region, id, ['input', 'id']);
      throwIfInvalid([...issues, ...tagKeyIssues(tagKeys, ['input', 'tagKeys'])]);
      const resourceArn = arnOf(region, clientCertificateId);
      await write(new UntagResourceCommand({ resourceArn, tagKeys }));
      return globalIdOf(accountRegion, clientCertificateId);
    },
  };
}

/** What cannot be read of a generate's answer may exist. */
function knownOf(certificate: ReturnType<typeof toClientCertificate>): ClientCertificate {
  if (certificate instanceof UpstreamError) throw Object.assign(certificate, { mayHaveHappened: true });
  return certificate;
}

const toMap = (tags: Tag[]) => Object.fromEntries(tags.map(({ key, value }) => [key, value]));

/** A generate cannot be repeated. If its outcome is unknown, the message says so. */
function sayThatItMayExist(error: unknown): never {
  if (!(error instanceof UpstreamError && error.mayHaveHappened)) throw error;
  const message = `${error.message} The client certificate may exist anyway: look at the newest ones before you try again.`;
  throw inPlaceOf(error, new UpstreamError(error.code, message));
}

/** Whoever has deleted it. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof NotFoundError)) throw error;
}

/** A delete that is repeated after its answer was lost finds nothing, which is the wanted outcome. */
function ignoreRepeated(error: unknown): void {
  if (!(error instanceof NotFoundError && error.isAfterUnsure)) throw error;
}
