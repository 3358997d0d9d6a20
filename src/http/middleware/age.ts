import { staleSecondsOf } from '../../aws/use.ts';
import type { Middleware } from '../middleware.ts';

/** Sets `Age` on a stale answer, in seconds (https://www.rfc-editor.org/rfc/rfc9111#section-5.1). */
export const ageOfStale: Middleware = {
  after({ operation }, { headers }) {
    const seconds = staleSecondsOf(operation?.awsUse);
    if (seconds !== undefined) headers['age'] = `${seconds}`;
  },
};
