import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Exchange, HttpResponse, Operation } from '../../exchange.ts';
import { isLongToParse } from '../long-bodies.ts';
import { GivenUp, giveUp, type Reason } from './give-up.ts';
import { createKeptTexts, type KeptTextsOptions } from './kept-texts.ts';
import type { Plan } from './plan.ts';
import { createPlans } from './plans.ts';
import type { Variables } from './write.ts';
import { WrittenText } from './written-text.ts';

/** Answers with what is known, without graphql-js. An answer is the same to the byte, or there is none. */
export type PlannedAnswers = {
  /** A document that has been found valid. */
  addValid(document: DocumentNode): void;
  /** Keeps nothing of a document any more. */
  forget(document: DocumentNode): void;
  /** Undefined if graphql-js has to execute the request whatever is known. The result answers, or leaves it to graphql-js. */
  prepare(exchange: Exchange, body: string | undefined): (() => HttpResponse | undefined) | undefined;
};

/** How an answer was made: by a plan, or why by graphql-js. `request`: it is no query in JSON that has a plan. */
export type Way = 'plan' | 'request' | Reason;

export type PlannedAnswersOptions<C> = KeptTextsOptions<C> & {
  schema: GraphQLSchema;
  /** The known document with this text. */
  documentOf: (text: string) => DocumentNode | undefined;
  measure: (
    document: DocumentNode,
    query: OperationDefinitionNode,
    variables: Variables | null | undefined,
  ) => { variables: Variables; cost: number; errors: readonly unknown[] } | undefined;
  /** A context that throws where AWS would have to be asked. */
  contextOf: (exchange: Exchange) => C;
  /** What an operation is for the log and the response cache; undefined if its answer says more than the data. */
  operationOf: (
    query: OperationDefinitionNode,
    text: string,
    cost: number,
    context: C,
  ) => Operation | undefined;
  maxBytes: number;
  onAnswer: (way: Way) => void;
};

/** The most bytes of a character. */
const MAX_CHARACTER_BYTES = 3;

const MANY_MISSES = 10;
const RARELY = 100;

export function createPlannedAnswers<C>(options: PlannedAnswersOptions<C>): PlannedAnswers {
  const { schema, documentOf, measure, contextOf, operationOf, maxBytes, onAnswer } = options;
  const plans = createPlans<C>({ schema, keepTexts: createKeptTexts(options) });

  /** What is asked, if its document has been found valid. */
  function queryOf(body: string): Asked | undefined {
    const parameters = parametersOf(body);
    const document = parameters && documentOf(parameters.query);
    const query = document && plans.queryOf(document, parameters.operationName);
    return query && { parameters, document, query };
  }

  function answer(exchange: Exchange, { parameters, document, query }: Asked): HttpResponse | Way {
    const measured = measure(document, query, parameters.variables);
    if (!measured || measured.errors.length > 0) return 'request';
    const { variables, cost } = measured;
    const plan = plans.planOf(document, query, variables);
    if (!plan || !isWorth(plan)) return 'request';
    const context = contextOf(exchange);
    const text = new WrittenText();
    const reason = reasonAgainst(() => {
      text.add('{"data":');
      plan.write({ context, variables, text });
      text.add('}');
      if (MAX_CHARACTER_BYTES * text.length > maxBytes) giveUp('unusual');
    });
    if (reason !== 'aws') plan.misses = reason ? plan.misses + 1 : 0;
    if (reason) return reason;
    const operation = operationOf(query, parameters.query, cost, context);
    if (!operation) return 'unusual';
    exchange.operation = operation;
    const headers = { 'content-type': `${exchange.accepted.mediaType}; charset=utf-8` };
    return { status: 200, headers, body: text.toBody(), isAscii: text.isAscii };
  }

  return {
    addValid: plans.addValid,
    forget: plans.forget,
    prepare: (exchange, body) => {
      const asked =
        body !== undefined && !isLongToParse(body) && isJson(exchange) ? queryOf(body) : undefined;
      if (!asked) {
        onAnswer('request');
        return undefined;
      }
      return () => {
        const made = answer(exchange, asked);
        const isMade = typeof made !== 'string';
        onAnswer(isMade ? 'plan' : made);
        return isMade ? made : undefined;
      };
    },
  };
}

/** A plan that gives up again and again is tried rarely: the way to where it gives up is gone twice. */
function isWorth(plan: Plan<never>): boolean {
  if (plan.misses < MANY_MISSES) return true;
  plan.misses += 1;
  return plan.misses % RARELY === 0;
}

/** All others are rare. */
const isJson = ({ bodyType, accepted: { mediaType } }: Exchange): boolean =>
  bodyType === 'application/json' &&
  (mediaType === 'application/json' || mediaType === 'application/graphql-response+json');

function reasonAgainst(write: () => void): Reason | undefined {
  try {
    write();
    return undefined;
  } catch (error) {
    return error instanceof GivenUp ? error.reason : 'error';
  }
}

/** A query with the parameters of its request. */
type Asked = { parameters: Parameters; document: DocumentNode; query: OperationDefinitionNode };

type Parameters = { query: string; operationName?: string | null; variables?: Variables | null };

/** Undefined if there is anything unusual about them. */
function parametersOf(body: string): Parameters | undefined {
  const parsed = parseJson(body);
  if (!isRecord(parsed)) return undefined;
  const { query, variables, operationName, extensions } = parsed;
  if (typeof query !== 'string' || query === '') return undefined;
  if (operationName != null && (typeof operationName !== 'string' || operationName === '')) return undefined;
  const areRecords =
    (variables == null || isRecord(variables)) && (extensions == null || isRecord(extensions));
  return areRecords ? (parsed as Parameters) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
