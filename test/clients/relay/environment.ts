import {
  commitMutation,
  Environment,
  type GraphQLResponse,
  getSingularSelector,
  type MutationConfig,
  type MutationParameters,
  Network,
  type ReaderFragment,
  RecordSource,
  Store,
} from 'relay-runtime';

/** Relay on a service. */
export function createEnvironment(endpoint: string, fetch: typeof globalThis.fetch): Environment {
  const network = Network.create(async ({ text: query }, variables): Promise<GraphQLResponse> => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query, variables });
    return (await fetch(endpoint, { method: 'POST', headers, body })).json();
  });
  return new Environment({ network, store: new Store(new RecordSource()) });
}

/** What a component sees that spreads the fragment; `reference` is what has the spread. */
export function readFragment<Data>(
  environment: Environment,
  fragment: ReaderFragment,
  reference: { ' $fragmentSpreads': unknown },
): Data {
  const { data, isMissingData } = environment.lookup(getSingularSelector(fragment, reference));
  if (isMissingData) throw new Error(`${fragment.name}: something was not fetched`);
  return data as Data;
}

/** Answers what the mutation did, once the store has it. */
export async function mutate<Mutation extends MutationParameters>(
  environment: Environment,
  config: MutationConfig<Mutation>,
): Promise<Mutation['response']> {
  return new Promise((onCompleted, onError) => {
    commitMutation<Mutation>(environment, { ...config, onCompleted, onError });
  });
}
