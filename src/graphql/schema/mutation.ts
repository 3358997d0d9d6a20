import type {
  FieldMap,
  InputFieldBuilder,
  InputFieldMap,
  InputRef,
  InputShapeFromFields,
  ObjectFieldBuilder,
  ObjectRef,
} from '@pothos/core';
import type { Scope } from '../../auth/viewer.ts';
import type { CertwayError } from '../../errors/errors.ts';
import type { Context } from '../context.ts';
import { builder } from './builder.ts';
import { requiresScopes } from './sdl.ts';

type Types = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer T> ? T : never;

/** The class of an error that comes back as data. */
type ResultError = new (...args: never[]) => CertwayError;

type ClientMutationId = { clientMutationId?: string | null | undefined };

export type PayloadFieldBuilder<Done extends object> = ObjectFieldBuilder<Types, Done & ClientMutationId>;

export type MutationOptions<Fields extends InputFieldMap, Done extends object> = {
  description: string;
  /** Which scope its caller needs. */
  scope: Scope;
  input: {
    description: string;
    /** What the argument says of it. */
    argument: string;
    fields(t: InputFieldBuilder<Types, 'InputObject'>): Fields;
  };
  payload: {
    description: string;
    fields(t: PayloadFieldBuilder<Done>): FieldMap;
  };
  result: { description: string; errors: ResultError[] };
  run(input: InputShapeFromFields<Fields>, context: Context): Promise<Done>;
};

const CLIENT_MUTATION_ID = 'Returned unchanged in the payload.';

/**
 * A mutation in Relay's form: of `tagThing`, the input is `TagThingInput`, and the result is the union `TagThingResult`
 * of `TagThingPayload` and the errors. Input and payload have a `clientMutationId`
 * (https://relay.dev/docs/guides/graphql-server-specification/#mutations).
 */
export function addMutation<Fields extends InputFieldMap, Done extends object>(
  name: string,
  { description, scope, input, payload, result, run }: MutationOptions<Fields, Done>,
): void {
  const typeName = name.charAt(0).toUpperCase() + name.slice(1);
  const inputRef: InputRef<ClientMutationId> = builder.inputType(`${typeName}Input`, {
    description: input.description,
    fields: (t) => ({
      ...input.fields(t),
      clientMutationId: t.string({ required: false, description: CLIENT_MUTATION_ID }),
    }),
  });
  const payloadRef: ObjectRef<Types, ClientMutationId> = builder
    .objectRef<Done & ClientMutationId>(`${typeName}Payload`)
    .implement({
      description: payload.description,
      fields: (t) => ({
        ...payload.fields(t),
        clientMutationId: t.string({
          nullable: true,
          description: CLIENT_MUTATION_ID,
          resolve: ({ clientMutationId }) => clientMutationId,
        }),
      }),
    });
  builder.mutationField(name, (t) =>
    t.field({
      type: payloadRef,
      errors: {
        types: result.errors,
        union: { name: `${typeName}Result`, description: result.description },
      },
      description,
      extensions: { directives: requiresScopes(scope) },
      args: { input: t.arg({ type: inputRef, description: input.argument }) },
      resolve: async (_, args, context) => {
        const { clientMutationId, ...fields } = args.input;
        return { ...(await run(fields as InputShapeFromFields<Fields>, context)), clientMutationId };
      },
    }),
  );
}
