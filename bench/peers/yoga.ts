import { createServer } from 'node:http';
import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { createYoga } from 'graphql-yoga';
import {
  type ClientCertificate,
  type Context,
  createContext,
  daysUntilExpiration,
  generate,
  list,
  statusOf,
} from './client-certificates.ts';

/** GraphQL Yoga with a schema built by Pothos and its Relay plugin, as their guides show it. */
const builder = new SchemaBuilder<{
  Context: Context;
  DefaultFieldNullability: false;
  Scalars: { DateTime: { Input: Date; Output: Date } };
}>({ plugins: [RelayPlugin], defaultFieldNullability: false, relay: {} });
builder.addScalarType('DateTime', GraphQLDateTimeISO);
builder.queryType();
builder.mutationType();

const Status = builder.enumType('ClientCertificateStatus', {
  values: ['VALID', 'EXPIRING', 'EXPIRED'] as const,
});

const TagRef = builder.objectRef<ClientCertificate['tags'][number]>('Tag').implement({
  fields: (t) => ({ key: t.exposeString('key'), value: t.exposeString('value') }),
});

const ClientCertificateRef = builder.objectRef<ClientCertificate>('ClientCertificate');
builder.node(ClientCertificateRef, {
  id: { resolve: ({ arn }) => arn },
  fields: (t) => ({
    clientCertificateId: t.exposeString('clientCertificateId'),
    arn: t.exposeString('arn'),
    description: t.exposeString('description', { nullable: true }),
    createdDate: t.expose('createdDate', { type: 'DateTime' }),
    expirationDate: t.expose('expirationDate', { type: 'DateTime' }),
    status: t.field({ type: Status, resolve: statusOf }),
    daysUntilExpiration: t.int({ resolve: daysUntilExpiration }),
    pemEncodedCertificate: t.exposeString('pemEncodedCertificate'),
    tags: t.field({ type: [TagRef], resolve: ({ tags }) => tags }),
  }),
});

builder.queryFields((t) => ({
  clientCertificate: t.field({
    type: ClientCertificateRef,
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, { loader }) => loader.load(String(id)),
  }),
  clientCertificates: t.connection(
    { type: ClientCertificateRef, resolve: (_, args) => list(args) },
    { name: 'ClientCertificateConnection' },
    { name: 'ClientCertificateEdge' },
  ),
}));

const GenerateInput = builder.inputType('GenerateClientCertificateInput', {
  fields: (t) => ({ description: t.string() }),
});
const GeneratePayload = builder
  .objectRef<{ clientCertificate: ClientCertificate }>('GenerateClientCertificatePayload')
  .implement({
    fields: (t) => ({
      clientCertificate: t.field({
        type: ClientCertificateRef,
        resolve: ({ clientCertificate }) => clientCertificate,
      }),
    }),
  });
builder.mutationField('generateClientCertificate', (t) =>
  t.field({
    type: GeneratePayload,
    args: { input: t.arg({ type: GenerateInput, required: true }) },
    resolve: async (_, { input }) => ({ clientCertificate: await generate(input.description) }),
  }),
);

const yoga = createYoga<Record<never, never>, Context>({
  schema: builder.toSchema(),
  context: createContext,
});
createServer(yoga).listen(Number(process.env['PORT']), '127.0.0.1');
