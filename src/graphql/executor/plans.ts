import {
  type DocumentNode,
  GraphQLError,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { GivenUp } from './give-up.ts';
import { createPlan, type Plan, type PlanOptions } from './plan.ts';
import type { Variables } from './write.ts';

/** The plans of queries that are sent again and again. */
export type Plans<C> = {
  /** A valid document; plans are made of no others. */
  addValid(document: DocumentNode): void;
  /** Plans keep all of their document in memory, so they go with it. */
  forget(document: DocumentNode): void;
  /** Undefined if the document has not been found valid, or has no such query. */
  queryOf(document: DocumentNode, name: string | null | undefined): OperationDefinitionNode | undefined;
  /** Undefined if graphql-js has to execute the query whatever is known. */
  planOf(document: DocumentNode, query: OperationDefinitionNode, variables: Variables): Plan<C> | undefined;
};

/** Of all plans together: 20 MB. */
const MAX_FIELDS = 40_000;

/** Clients have few combinations of the variables of directives. */
const MAX_PLANS_OF_QUERY = 16;

/** A query with so many in its plans gets no more of them. So those of any query have room. */
const MAX_FIELDS_OF_QUERY = MAX_FIELDS / 4;

/** By the values of the variables that `@skip` and `@include` depend on. */
type PlansOfQuery<C> = { conditions: string[]; plans: Map<string, Plan<C> | undefined> };

export function createPlans<C>(options: PlanOptions<C>): Plans<C> {
  const valid = new WeakSet<DocumentNode>();
  const ofQueries = new LRUCache<OperationDefinitionNode, PlansOfQuery<C>>({
    maxSize: MAX_FIELDS,
    sizeCalculation: (ofQuery) => 1 + fieldsOf(ofQuery),
  });

  function make(document: DocumentNode, query: OperationDefinitionNode, variables: Variables) {
    try {
      return createPlan(document, query, variables, options);
    } catch (error) {
      if (error instanceof GivenUp || error instanceof GraphQLError) return undefined; // graphql-js reports it
      throw error;
    }
  }

  return {
    addValid: (document) => void valid.add(document),
    forget: (document) => {
      valid.delete(document);
      for (const definition of document.definitions)
        if (definition.kind === Kind.OPERATION_DEFINITION) ofQueries.delete(definition);
    },
    queryOf: (document, name) => {
      const operation = valid.has(document) ? getOperationAST(document, name) : undefined;
      return operation?.operation === 'query' ? operation : undefined;
    },
    planOf: (document, query, variables) => {
      if (!valid.has(document)) return undefined; // it was forgotten while its request waited
      const ofQuery = ofQueries.get(query) ?? { conditions: conditionsOf(document), plans: new Map() };
      const { conditions, plans } = ofQuery;
      const key = conditions.map((name) => `${variables[name]}`).join();
      const known = plans.get(key);
      if (known || plans.has(key)) return known;
      if (plans.size >= MAX_PLANS_OF_QUERY || fieldsOf(ofQuery) >= MAX_FIELDS_OF_QUERY) return undefined;
      const plan = make(document, query, only(conditions, variables));
      plans.set(key, plan);
      ofQueries.delete(query); // the cache measures only what is new to it
      ofQueries.set(query, ofQuery);
      return plan;
    },
  };
}

const fieldsOf = ({ plans }: PlansOfQuery<never>): number =>
  plans.values().reduce((sum, plan) => sum + (plan?.fields ?? 0), 0);

/** A plan keeps what it is made of, and the other variables of a request may be as large as its body. */
const only = (names: string[], variables: Variables): Variables =>
  Object.fromEntries(
    names.filter((name) => Object.hasOwn(variables, name)).map((name) => [name, variables[name]]),
  );

/** The variables of directives. */
function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ arguments: args = [] }) => {
      for (const { value } of args) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
