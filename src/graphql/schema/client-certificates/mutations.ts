import { ConflictError, InvalidInputError, LimitExceededError, NotFoundError } from '../../../errors.ts';
import { encodeGlobalId } from '../../../relay/global-id.ts';
import { builder } from '../builder.ts';
import { requiresScopes } from '../sdl.ts';
import { TagInput } from '../tag.ts';
import { ClientCertificateEdge, ClientCertificateRef } from './type.ts';

/** What a mutation hands to its payload: which certificate it changed, and what its caller wants back. */
type Changed = { clientCertificateId: string; clientMutationId?: string | null | undefined };

const ID = "The global id, the ARN, or AWS's own id.";
const CLIENT_MUTATION_ID = 'Given back in the payload as it is.';

const GenerateClientCertificateInput = builder.inputType('GenerateClientCertificateInput', {
  description: 'What a new client certificate is to have.',
  fields: (t) => ({
    description: t.string({
      required: false,
      description: 'For people; up to 1024 characters (Unicode code points).',
    }),
    tags: t.field({ type: [TagInput], required: false, description: 'Up to 50, with no key twice.' }),
    clientMutationId: t.string({ required: false, description: CLIENT_MUTATION_ID }),
  }),
});

builder.mutationField('generateClientCertificate', (t) =>
  t.field({
    type: builder.objectRef<Changed>('GenerateClientCertificatePayload').implement({
      description: 'The new certificate.',
      fields: (t) => ({
        clientCertificate: t.field({
          type: ClientCertificateRef,
          description: 'The new certificate.',
          resolve: ({ clientCertificateId }, _, { clientCertificates }) =>
            clientCertificates.get(clientCertificateId),
        }),
        clientCertificateEdge: t.field({
          type: ClientCertificateEdge,
          description: 'The new certificate as an edge, to be added to a connection that a client keeps.',
          resolve: ({ clientCertificateId }, _, { clientCertificates }) =>
            clientCertificates.edge(clientCertificateId),
        }),
        clientMutationId: t.exposeString('clientMutationId', {
          nullable: true,
          description: CLIENT_MUTATION_ID,
        }),
      }),
    }),
    errors: {
      types: [InvalidInputError, ConflictError, LimitExceededError],
      union: {
        name: 'GenerateClientCertificateResult',
        description: 'The new certificate, or why there is none.',
      },
    },
    description:
      'Has AWS generate a key pair and a self-signed certificate that is valid for 365 days. Not idempotent: where ' +
      'the error says that a certificate may exist, look before trying again.',
    extensions: { directives: requiresScopes('client-certificates:write') },
    args: { input: t.arg({ type: GenerateClientCertificateInput, description: 'What it is to have.' }) },
    resolve: async (_, { input: { description, tags, clientMutationId } }, { clientCertificates }) => ({
      clientCertificateId: await clientCertificates.generate({
        description: description ?? '',
        tags: tags ?? [],
      }),
      clientMutationId,
    }),
  }),
);

const UpdateClientCertificateInput = builder.inputType('UpdateClientCertificateInput', {
  description: 'The only thing that AWS lets change: the description.',
  fields: (t) => ({
    id: t.id({ description: ID }),
    description: t.string({ description: 'Up to 1024 characters (Unicode code points); empty removes it.' }),
    clientMutationId: t.string({ required: false, description: CLIENT_MUTATION_ID }),
  }),
});

builder.mutationField('updateClientCertificate', (t) =>
  t.field({
    type: changedPayload('UpdateClientCertificatePayload'),
    errors: {
      types: [InvalidInputError, NotFoundError, ConflictError, LimitExceededError],
      union: {
        name: 'UpdateClientCertificateResult',
        description: 'The certificate as it is now, or why it was not changed.',
      },
    },
    description: 'Changes the description.',
    extensions: { directives: requiresScopes('client-certificates:write') },
    args: { input: t.arg({ type: UpdateClientCertificateInput, description: 'Which, and what to.' }) },
    resolve: async (_, { input: { clientMutationId, ...input } }, { clientCertificates }) => ({
      clientCertificateId: await clientCertificates.update(input),
      clientMutationId,
    }),
  }),
);

const DeleteClientCertificateInput = builder.inputType('DeleteClientCertificateInput', {
  description: 'Which certificate to delete.',
  fields: (t) => ({
    id: t.id({ description: ID }),
    clientMutationId: t.string({ required: false, description: CLIENT_MUTATION_ID }),
  }),
});

builder.mutationField('deleteClientCertificate', (t) =>
  t.field({
    type: builder
      .objectRef<{ arn: string; clientMutationId?: string | null | undefined }>(
        'DeleteClientCertificatePayload',
      )
      .implement({
        description: 'What was deleted.',
        fields: (t) => ({
          deletedClientCertificateId: t.id({
            description: 'The global id that it had, to be removed from what a client keeps.',
            resolve: ({ arn }) => encodeGlobalId('ClientCertificate', arn),
          }),
          clientMutationId: t.exposeString('clientMutationId', {
            nullable: true,
            description: CLIENT_MUTATION_ID,
          }),
        }),
      }),
    errors: {
      types: [InvalidInputError, NotFoundError, ConflictError],
      union: {
        name: 'DeleteClientCertificateResult',
        description: 'What was deleted, or why nothing was.',
      },
    },
    description: 'Deletes a certificate. Take it off every stage that uses it first.',
    extensions: { directives: requiresScopes('client-certificates:write') },
    args: { input: t.arg({ type: DeleteClientCertificateInput, description: 'Which.' }) },
    resolve: async (_, { input: { clientMutationId, ...input } }, { clientCertificates }) => ({
      arn: await clientCertificates.delete(input),
      clientMutationId,
    }),
  }),
);

const TagClientCertificateInput = builder.inputType('TagClientCertificateInput', {
  description: 'Tags to set.',
  fields: (t) => ({
    id: t.id({ description: ID }),
    tags: t.field({
      type: [TagInput],
      description: '1 to 50, with no key twice; the others stay as they are.',
    }),
    clientMutationId: t.string({ required: false, description: CLIENT_MUTATION_ID }),
  }),
});

builder.mutationField('tagClientCertificate', (t) =>
  t.field({
    type: changedPayload('TagClientCertificatePayload'),
    errors: {
      types: [InvalidInputError, NotFoundError, ConflictError, LimitExceededError],
      union: {
        name: 'TagClientCertificateResult',
        description: 'The certificate as it is now, or why it was not tagged.',
      },
    },
    description: 'Adds tags, and overwrites those whose key is there already.',
    extensions: { directives: requiresScopes('client-certificates:write') },
    args: { input: t.arg({ type: TagClientCertificateInput, description: 'Which, and with what.' }) },
    resolve: async (_, { input: { clientMutationId, ...input } }, { clientCertificates }) => ({
      clientCertificateId: await clientCertificates.tag(input),
      clientMutationId,
    }),
  }),
);

const UntagClientCertificateInput = builder.inputType('UntagClientCertificateInput', {
  description: 'Tags to remove.',
  fields: (t) => ({
    id: t.id({ description: ID }),
    tagKeys: t.stringList({ description: '1 to 50 keys; one that is not there is no error.' }),
    clientMutationId: t.string({ required: false, description: CLIENT_MUTATION_ID }),
  }),
});

builder.mutationField('untagClientCertificate', (t) =>
  t.field({
    type: changedPayload('UntagClientCertificatePayload'),
    errors: {
      types: [InvalidInputError, NotFoundError, ConflictError, LimitExceededError],
      union: {
        name: 'UntagClientCertificateResult',
        description: 'The certificate as it is now, or why no tag was removed.',
      },
    },
    description: 'Removes tags.',
    extensions: { directives: requiresScopes('client-certificates:write') },
    args: { input: t.arg({ type: UntagClientCertificateInput, description: 'Which, and what.' }) },
    resolve: async (_, { input: { clientMutationId, ...input } }, { clientCertificates }) => ({
      clientCertificateId: await clientCertificates.untag(input),
      clientMutationId,
    }),
  }),
);

/** The payload of a mutation after which the certificate is still there. */
function changedPayload(name: string) {
  return builder.objectRef<Changed>(name).implement({
    description: 'The certificate as it is now.',
    fields: (t) => ({
      clientCertificate: t.field({
        type: ClientCertificateRef,
        description: 'The certificate as it is now.',
        resolve: ({ clientCertificateId }, _, { clientCertificates }) =>
          clientCertificates.get(clientCertificateId),
      }),
      clientMutationId: t.exposeString('clientMutationId', {
        nullable: true,
        description: CLIENT_MUTATION_ID,
      }),
    }),
  });
}
