import { InvalidInputError, NotFoundError } from '../../../errors/errors.ts';
import type {
  StageReplacement,
  StageReplacementError,
  StageReplacementStatus,
} from '../../../resources/stages/move-stage.ts';
import type { Replacement } from '../../../resources/stages/replacement.ts';
import { MAX_STAGES } from '../../../resources/stages/replacement-input.ts';
import { builder } from '../builder.ts';
import { ClientCertificateRef } from '../client-certificates/type.ts';
import { addMutation, type PayloadFieldBuilder } from '../mutation.ts';
import { requiresScopes } from '../sdl.ts';
import { StageIndexRef } from './connection.ts';
import { ApiStageRef } from './type.ts';

const StageReplacementStatusRef = builder.enumType('StageReplacementStatus', {
  description: 'What came of a stage in a replacement.',
  values: {
    PLANNED: { description: 'It has the old certificate, and would get the new one: this was a dry run.' },
    REPLACED: { description: 'It has the new certificate now.' },
    ALREADY_REPLACED: { description: 'It had the new certificate when it was last read, at `stage.readAt`.' },
    CHANGED_MEANWHILE: { description: 'Someone has put something else on it. It was left alone.' },
    GONE: { description: 'The stage, or its API, does not exist any more.' },
    FAILED: { description: 'AWS refused the change, or it is not known to have happened; see `error`.' },
    NOT_TRIED: {
      description:
        'The time or the AWS calls of the operation were used up, or AWS throttled. Send the same request again.',
    },
  } satisfies Record<StageReplacementStatus, object>,
});

const StageReplacementErrorRef = builder.objectRef<StageReplacementError>('StageReplacementError').implement({
  description: 'Why a stage did not get the new certificate.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description:
        'For programs: as `extensions.code` of an error, such as `UPSTREAM_DENIED` or `UPSTREAM_TIMEOUT`.',
    }),
    message: t.exposeString('message', { description: 'For people.' }),
  }),
});

const StageReplacementRef = builder.objectRef<StageReplacement>('StageReplacement').implement({
  description: 'A stage in a replacement.',
  extensions: { directives: requiresScopes('client-certificates:read') },
  fields: (t) => ({
    stage: t.expose('stage', { type: ApiStageRef, description: 'The stage as it was seen last.' }),
    status: t.expose('status', { type: StageReplacementStatusRef, description: 'What came of it.' }),
    error: t.expose('error', {
      type: StageReplacementErrorRef,
      nullable: true,
      description: 'Why it failed; null unless `status` is `FAILED`.',
    }),
  }),
});

addMutation('replaceClientCertificate', {
  description:
    'Puts another certificate on the stages that have a certain one, one stage after the other. Each is read right before it is ' +
    'changed, and left alone if someone else has changed it. No deployment is created. The same request again goes on with ' +
    'what remains; with `id` and `with` swapped it goes back. First let the backends trust the new certificate.',
  scope: 'stages:write',
  input: {
    description: 'Which certificate to replace by which, and on which stages.',
    argument: 'What to replace.',
    fields: (t) => ({
      id: t.id({ description: "The old certificate: its global id, its ARN, or AWS's own id." }),
      with: t.id({
        required: false,
        description:
          'The new one. By default, the one that was generated to replace the old one (`replacedBy`). It must be valid, and expire ' +
          'no earlier than the old one, unless the old one was generated to replace it.',
      }),
      stages: t.idList({
        required: false,
        description: `Up to ${MAX_STAGES} stages: their global ids, or their ARNs. By default, all that are known to have the old certificate.`,
      }),
      dryRun: t.boolean({ defaultValue: false, description: 'Whether only to say what would be done.' }),
      trustedFingerprintSha256: t.string({
        required: false,
        description:
          'The SHA-256 fingerprint of the certificate that the backends were told to trust, which must be that of the new one. ' +
          'Required unless `dryRun`.',
      }),
    }),
  },
  payload: {
    description: 'What came of each stage. A stage that failed does not keep the others from being tried.',
    fields: (t: PayloadFieldBuilder<Replacement>) => ({
      oldClientCertificate: t.expose('oldClientCertificate', {
        type: ClientCertificateRef,
        description: 'The certificate that is replaced.',
      }),
      newClientCertificate: t.expose('newClientCertificate', {
        type: ClientCertificateRef,
        description: 'The certificate that takes its place.',
      }),
      outcomes: t.expose('outcomes', {
        type: [StageReplacementRef],
        description: 'Each stage that was asked for, or that is known to have one of the two certificates.',
        extensions: { directives: { listSize: { assumedSize: MAX_STAGES } } },
      }),
      remaining: t.exposeInt('remaining', {
        description:
          'How many of these stages may still have the old certificate: planned, failed, or not tried.',
      }),
      index: t.expose('index', {
        type: StageIndexRef,
        description:
          'How much of AWS is known. Unless it is complete, more stages may have the old certificate.',
      }),
    }),
  },
  result: {
    description: 'What came of each stage, or why none was changed.',
    errors: [InvalidInputError, NotFoundError],
  },
  run: ({ dryRun, ...input }, { apiStages }) => apiStages.replace({ ...input, dryRun: dryRun ?? false }),
});
