import { Client, cacheExchange, type Exchange, fetchExchange } from '@urql/core';
import { authExchange } from '@urql/exchange-auth';
import { persistedExchange } from '@urql/exchange-persisted';
import { lastAnswersExchange } from './last-answers.ts';
import { readingsExchange } from './readings.ts';
import type { Session } from './session.ts';
import type { PageSettings } from './settings.ts';
import { hashOf } from './trusted.ts';

/** Beside the page, wherever that is. */
export const ENDPOINT = new URL('graphql', document.baseURI).href;

/**
 * Sends the operations of the page. After a mutation, every query that has read a type of its answer is asked again. An
 * operation that is refused with 401 waits until the person has given another credential, and is then sent again. Documents are
 * sent by their hashes; a service of another release, which does not know them, gets the text with the next request.
 * `notes` note what is asked and answered.
 */
export const createClient = ({ auth }: PageSettings, session: Session, notes: Exchange[]): Client =>
  new Client({
    url: ENDPOINT,
    preferGetMethod: false,
    fetchSubscriptions: true, // as event streams
    exchanges: [
      ...notes,
      lastAnswersExchange,
      cacheExchange,
      authExchange(async ({ appendHeaders }) => ({
        addAuthToOperation: (operation) => {
          const credential = session.credential();
          return credential === undefined ? operation : appendHeaders(operation, headersOf(credential));
        },
        willAuthError: () => session.asking() !== 'not',
        didAuthError: ({ response }) => response?.status === 401 && auth.kind !== 'none',
        refreshAuth: session.renewed,
      })),
      persistedExchange({
        enableForMutation: true,
        enableForSubscriptions: true,
        preferGetForPersistedQueries: false,
        generateHash: async (_, document) => hashOf(document),
      }),
      readingsExchange,
      fetchExchange,
    ],
  });

/** An API key may be sent as a bearer token, too. */
export const headersOf = (credential: string) => ({ authorization: `Bearer ${credential}` });
