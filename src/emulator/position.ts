import { chosen } from './errors.ts';

/**
 * The form of AWS's own samples: base64 of `id=S` and the id of the last item of the page
 * (https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApis.html).
 */
export const encodePosition = (lastId: string): string => Buffer.from(`id=S${lastId}`).toString('base64');

/** The id after which the next page begins. */
export function decodePosition(position: string): string {
  const id = /^id=S([a-z0-9]+)$/.exec(Buffer.from(position, 'base64').toString('latin1'))?.[1];
  if (id === undefined) throw chosen.position();
  return id;
}
