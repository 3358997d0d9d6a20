import Alert from '@cloudscape-design/components/alert';
import type { Reading } from '../api/readings.ts';
import { timeOfDay } from './dates.ts';

/** For the line below the title of a view. */
export const readAt = (reading: Reading | undefined): string | undefined =>
  reading && `Read at ${timeOfDay(reading.at)}`;

/** Says that what is shown stands in for what AWS does not tell now; nothing otherwise. */
export function StaleReading({ reading }: { reading: Reading | undefined }) {
  if (!reading?.isStale) return null;
  return (
    <Alert type="warning" header="AWS does not answer now">
      This is what it said at {timeOfDay(reading.at)}.
    </Alert>
  );
}
