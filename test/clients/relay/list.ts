import {
  createOperationDescriptor,
  type Direction,
  type Environment,
  fetchQuery,
  getPaginationMetadata,
  getPaginationVariables,
} from 'relay-runtime';
import listFragment, { type certificates_list$data } from './__generated__/certificates_list.graphql.ts';
import query, {
  type certificatesQuery$data,
  type certificatesQuery$variables,
} from './__generated__/certificatesQuery.graphql.ts';
import { readFragment } from './environment.ts';

/** A list of certificates as `usePaginationFragment` of react-relay has it, without React. */
export async function openList(environment: Environment, variables: certificatesQuery$variables) {
  const operation = createOperationDescriptor(query, variables);
  environment.retain(operation);
  await fetchQuery(environment, query, variables).toPromise();

  const read = () =>
    readFragment<certificates_list$data>(
      environment,
      listFragment,
      environment.lookup(operation.fragment).data as certificatesQuery$data,
    ).clientCertificates;

  async function load(direction: Direction, count: number): Promise<void> {
    const { paginationRequest, paginationMetadata } = getPaginationMetadata(listFragment, 'list');
    const { startCursor, endCursor } = read().pageInfo;
    const cursor = direction === 'forward' ? endCursor : startCursor;
    const next = getPaginationVariables(direction, count, cursor, variables, {}, paginationMetadata);
    await fetchQuery(environment, paginationRequest, next).toPromise();
  }

  const nodes = () => read().edges.flatMap(({ node }) => node ?? []);
  return {
    connectionId: () => read().__id,
    nodes,
    ids: () => nodes().map(({ id }) => id),
    /** Loads pages until there is none in that direction. */
    loadAll: async (direction: Direction, count: number) => {
      const isThereMore = () =>
        direction === 'forward' ? read().pageInfo.hasNextPage : read().pageInfo.hasPreviousPage;
      while (isThereMore()) await load(direction, count);
    },
  };
}
