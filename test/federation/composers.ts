import { composeServices as composeWithApollo } from '@apollo/composition';
import { composeServices as composeWithTheGuild } from '@theguild/federation-composition';
import { federateSubgraphs, ROUTER_COMPATIBILITY_VERSION_ONE } from '@wundergraph/composition';
import { parse, print } from 'graphql';

export type Subgraph = { name: string; url: string; sdl: string };

/** The result of a composition: a supergraph, or error messages. */
export type Composition = { supergraph: string; complaints: string[] };

const parsed = (subgraphs: Subgraph[]) =>
  subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));

const messagesOf = (errors: readonly { message: string }[] = []) => errors.map(({ message }) => message);

export function composeApollo(subgraphs: Subgraph[]): Composition {
  const { supergraphSdl = '', errors } = composeWithApollo(parsed(subgraphs));
  return { supergraph: supergraphSdl, complaints: messagesOf(errors) };
}

export function composeTheGuild(subgraphs: Subgraph[]): Composition {
  const { supergraphSdl = '', errors } = composeWithTheGuild(parsed(subgraphs));
  return { supergraph: supergraphSdl, complaints: messagesOf(errors) };
}

/** Its own router reads another form of supergraph; here it only matters whether there is one. */
export function composeWunderGraph(subgraphs: Subgraph[]): Composition {
  const result = federateSubgraphs({
    subgraphs: parsed(subgraphs).map(({ typeDefs, ...rest }) => ({ ...rest, definitions: typeDefs })),
    version: ROUTER_COMPATIBILITY_VERSION_ONE,
  });
  return result.success
    ? { supergraph: print(result.federatedGraphAST), complaints: [] }
    : { supergraph: '', complaints: messagesOf(result.errors) };
}
