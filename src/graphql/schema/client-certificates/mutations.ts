import {
  ConflictError,
  InvalidInputError,
  LimitExceededError,
  NotFoundError,
} from '../../../errors/errors.ts';
import { CertificateInUseError } from '../../../resources/stages/certificate-in-use.ts';
import { addMutation, type PayloadFieldBuilder } from '../mutation.ts';
import { TagInput } from '../tag.ts';
import { ClientCertificateEdge } from './connection.ts';
import { ClientCertificateRef } from './type.ts';

/** What a mutation hands to its payload: the global id of the certificate that it changed. */
type Changed = { id: string };

const ID = "The global id, the ARN, or AWS's own id.";
const scope = 'client-certificates:write';

const clientCertificate = <Done extends Changed>(t: PayloadFieldBuilder<Done>, description: string) =>
  t.field({
    type: ClientCertificateRef,
    description,
    resolve: ({ id }, _, { clientCertificates }) => clientCertificates.get(id),
  });

/** The payload of a mutation after which the certificate is still there. */
const changed = {
  description: 'The certificate as it is now.',
  fields: (t: PayloadFieldBuilder<Changed>) => ({
    clientCertificate: clientCertificate(t, 'The certificate as it is now.'),
  }),
};

const changeErrors = [InvalidInputError, NotFoundError, ConflictError, LimitExceededError];

addMutation('generateClientCertificate', {
  description:
    'Generates a key pair and a self-signed certificate that is valid for 365 days. With an `idempotencyKey`, or with ' +
    '`replaces`, the same request again gives the same certificate. Otherwise, if the error says that a certificate may ' +
    'exist, look before you try again.',
  scope,
  input: {
    description: 'The properties of a new client certificate.',
    argument: 'What it is to have.',
    fields: (t) => ({
      description: t.string({
        required: false,
        description: 'For people; up to 1024 characters (Unicode code points).',
      }),
      tags: t.field({
        type: [TagInput],
        required: false,
        description:
          'Up to 50, with no key twice. `replaces` takes one more, and an `idempotencyKey` two, out of the 50.',
      }),
      replaces: t.id({
        required: false,
        description:
          "The certificate that the new one is to replace: its global id, its ARN, or AWS's own id. The new one has the tag " +
          '`certway:replaces`. Without an `idempotencyKey`, a certificate that has it already is the answer.',
      }),
      account: t.string({
        required: false,
        description:
          'The account to generate it in: its name in the settings, or its 12 digits. Required where there are several, unless ' +
          '`replaces` says it.',
      }),
      region: t.string({
        required: false,
        description:
          'The region to generate it in. Required where there are several, unless `replaces` says it.',
      }),
      idempotencyKey: t.string({
        required: false,
        description:
          '1 to 255 visible ASCII characters, such as a UUID. Each caller has keys of their own; a key lives as long as the ' +
          'tag `certway:idempotency-key` of the certificate. For another description, tags or `replaces`, take a new one.',
      }),
    }),
  },
  payload: {
    description: 'The new certificate.',
    fields: (t: PayloadFieldBuilder<Changed & { generated: boolean }>) => ({
      generated: t.exposeBoolean('generated', {
        description:
          'Whether this request made it. False if an earlier one did, with the same `idempotencyKey` or the same `replaces`.',
      }),
      clientCertificate: clientCertificate(t, 'The new certificate.'),
      clientCertificateEdge: t.field({
        type: ClientCertificateEdge,
        description: 'The new certificate as an edge, for the client to add to a connection in its cache.',
        resolve: ({ id }, _, { clientCertificates }) => clientCertificates.edge(id),
      }),
    }),
  },
  result: {
    description: 'The new certificate, or why there is none.',
    errors: [InvalidInputError, ConflictError, LimitExceededError],
  },
  run: ({ description, tags, ...input }, { clientCertificates }) =>
    clientCertificates.generate({ ...input, description: description ?? '', tags: tags ?? [] }),
});

addMutation('updateClientCertificate', {
  description: 'Changes the description.',
  scope,
  input: {
    description: 'A new description, which is all that AWS lets change.',
    argument: 'Which, and what to.',
    fields: (t) => ({
      id: t.id({ description: ID }),
      description: t.string({
        description: 'Up to 1024 characters (Unicode code points); empty removes it.',
      }),
    }),
  },
  payload: changed,
  result: {
    description: 'The certificate as it is now, or why it was not changed.',
    errors: changeErrors,
  },
  run: async (input, { clientCertificates }) => ({ id: await clientCertificates.update(input) }),
});

addMutation('deleteClientCertificate', {
  description:
    'Deletes a certificate. As long as a stage uses it, or not all stages have been read, that is refused: put another one on ' +
    'the stages first (`replaceClientCertificate`).',
  scope,
  input: {
    description: 'Which certificate to delete.',
    argument: 'Which.',
    fields: (t) => ({
      id: t.id({ description: ID }),
      evenIfUsed: t.boolean({
        defaultValue: false,
        description: 'Whether to delete it although a stage uses it, or may do so. AWS may refuse that.',
      }),
    }),
  },
  payload: {
    description: 'What was deleted.',
    fields: (t: PayloadFieldBuilder<Changed>) => ({
      deletedClientCertificateId: t.exposeID('id', {
        description: 'The global id of the deleted certificate, for the client to remove from its cache.',
      }),
    }),
  },
  result: {
    description: 'What was deleted, or why nothing was.',
    errors: [InvalidInputError, NotFoundError, ConflictError, CertificateInUseError],
  },
  run: async ({ id, evenIfUsed }, { clientCertificates, apiStages }) => {
    const run = async () => clientCertificates.delete({ id });
    return { id: await (evenIfUsed ? run() : apiStages.deleteIfUnused(id, run)) };
  },
});

addMutation('tagClientCertificate', {
  description: 'Adds tags, and overwrites those with the same key.',
  scope,
  input: {
    description: 'Tags to set.',
    argument: 'Which, and with what.',
    fields: (t) => ({
      id: t.id({ description: ID }),
      tags: t.field({
        type: [TagInput],
        description: '1 to 50, with no key twice; the others stay as they are.',
      }),
    }),
  },
  payload: changed,
  result: {
    description: 'The certificate as it is now, or why it was not tagged.',
    errors: changeErrors,
  },
  run: async (input, { clientCertificates }) => ({ id: await clientCertificates.tag(input) }),
});

addMutation('untagClientCertificate', {
  description: 'Removes tags.',
  scope,
  input: {
    description: 'Tags to remove.',
    argument: 'Which, and what.',
    fields: (t) => ({
      id: t.id({ description: ID }),
      tagKeys: t.stringList({ description: '1 to 50 keys. A key that does not exist is ignored.' }),
    }),
  },
  payload: changed,
  result: {
    description: 'The certificate as it is now, or why no tag was removed.',
    errors: changeErrors,
  },
  run: async (input, { clientCertificates }) => ({ id: await clientCertificates.untag(input) }),
});
