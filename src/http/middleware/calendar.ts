import { type ApiKey, findApiKey } from '../../auth/api-key.ts';
import type { Exchange, HttpResponse } from '../../exchange.ts';
import { MAX_PAGE_SIZE } from '../../relay/page-size.ts';
import { type CalendarCertificate, calendarOf } from '../calendar-file.ts';
import type { GraphQLOptions } from '../graphql.ts';
import { type Middleware, refusal, refuseWrite } from '../middleware.ts';
import { askOwn, type OwnAnswer } from '../own-operation.ts';
import { textFile } from '../text-file.ts';
import { inSpan } from './tracing.ts';

const CALENDAR = '/calendar.ics';

/** Whether it is for `serveCalendar` to answer. */
export const isCalendarPath = (path: string): boolean => path === CALENDAR;

/**
 * Finds who reads the calendar, by the tokens as they are now. Calendars send no headers, so each has a token of its own in the URL, which
 * may read certificates and nothing else. The token is in no log.
 */
export const knowCalendar = (tokens: () => readonly ApiKey[]): Middleware => ({
  before(exchange) {
    const { path, search } = exchange;
    if (!isCalendarPath(path)) return undefined;
    const viewer = findApiKey(tokens(), new URLSearchParams(search).get('token') ?? '');
    if (!viewer?.scopes.has('client-certificates:read'))
      return refusal(exchange, 401, UNKNOWN, { 'www-authenticate': 'Bearer realm="certway"' });
    exchange.viewer = { name: viewer.name, scopes: new Set(['client-certificates:read']) };
    return undefined;
  },
});

const UNKNOWN = {
  message: 'The calendar needs a token that is known: /calendar.ics?token=…',
  extensions: { code: 'UNAUTHENTICATED' },
};

const DOCUMENT = `query Calendar($after: String) {
  clientCertificates(first: ${MAX_PAGE_SIZE}, after: $after, orderBy: { field: EXPIRATION_DATE }) {
    nodes {
      clientCertificateId arn accountId account region description createdDate expirationDate usage
      stages(first: 0) { totalCount }
      replacedBy { clientCertificateId }
    }
    pageInfo { hasNextPage endCursor }
    unavailable { region }
  }
}`;

type Data = {
  clientCertificates: {
    nodes: CalendarCertificate[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    unavailable: unknown[];
  };
};

/**
 * Answers a GET of the calendar. It is the GraphQL operation `Calendar` in every respect. It has all certificates or is refused: a
 * calendar would forget the events of an account and region that cannot be read now.
 */
export function serveCalendar(
  endpoint: string,
  execute: GraphQLOptions['execute'],
  alarmDays: readonly number[],
): Middleware {
  const pageAfter = async (exchange: Exchange, after: string | null): Promise<OwnAnswer<Data>> =>
    askOwn<Data>(exchange, { endpoint, execute }, DOCUMENT, { after });

  async function answer(exchange: Exchange): Promise<HttpResponse> {
    const all: CalendarCertificate[] = [];
    for (let after: string | null = null, isMore = true; isMore; ) {
      const { data, refused } = await pageAfter(exchange, after);
      if (refused) return refused;
      const { nodes, pageInfo, unavailable } = data.clientCertificates;
      if (unavailable.length > 0) return refusal(exchange, 503, INCOMPLETE);
      all.push(...nodes);
      after = pageInfo.endCursor;
      isMore = pageInfo.hasNextPage;
    }
    return textFile(exchange.request, calendarOf(all, alarmDays), 'text/calendar; charset=utf-8');
  }

  return {
    before(exchange) {
      if (!isCalendarPath(exchange.path)) return undefined;
      return refuseWrite(exchange) ?? inSpan(exchange, () => answer(exchange));
    },
  };
}

const INCOMPLETE = {
  message: 'Some accounts and regions cannot be read now, so there is no whole calendar.',
  extensions: { code: 'UPSTREAM_UNAVAILABLE' },
};
