import type { builder } from './builder.ts';

/** For gateways: how many items a page has. */
export const PAGE = {
  assumedSize: 25,
  slicingArguments: ['first', 'last'],
  sizedFields: ['edges', 'nodes'],
  requireOneSlicingArgument: false,
};

type Arguments = Parameters<Parameters<typeof builder.queryFields>[0]>[0]['arg'];

/** The arguments of a connection (https://relay.dev/graphql/connections.htm#sec-Arguments). */
export const pageArguments = (arg: Arguments) => ({
  first: arg.int({
    required: false,
    description: 'The maximum number from the start: 0 to 500, by default 25.',
  }),
  after: arg.string({ required: false, description: 'The cursor after which the page starts.' }),
  last: arg.int({
    required: false,
    description: 'The maximum number from the end: 0 to 500. Not together with `first`.',
  }),
  before: arg.string({
    required: false,
    description: 'The cursor before which the page ends; without `first` and `last`, the last 25 before it.',
  }),
});
