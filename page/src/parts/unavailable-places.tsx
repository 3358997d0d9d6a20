import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import type { UnavailabilityFragment } from '../api/generated/graphql.ts';
import { graphql } from '../api/generated/index.ts';
import { moment } from './dates.ts';
import { placeOf } from './names.ts';

graphql(`
  fragment Unavailability on AccountRegion {
    account
    accountId
    region
    unavailable {
      code
      message
      since
    }
  }
`);

/** An account and region, with why AWS does not answer there. */
export type Place = UnavailabilityFragment;

/** Says which accounts and regions are missing, and why; nothing if none is. */
export function UnavailablePlaces({ places }: { places: readonly Place[] }) {
  if (places.length === 0) return null;
  return (
    <Alert
      type="warning"
      header={
        places.length === 1
          ? 'One region cannot be read'
          : `${places.length} accounts and regions cannot be read`
      }
    >
      What is there is missing on this page.
      <ul>
        {places.map((place) => (
          <li key={placeOf(place)}>
            <strong>{placeOf(place)}</strong>
            {place.unavailable && (
              <>
                : {place.unavailable.message}{' '}
                <Box variant="small">
                  {place.unavailable.code}, since {moment(place.unavailable.since)}
                </Box>
              </>
            )}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
