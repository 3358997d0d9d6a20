import { inPlaceOf, NotFoundError } from '../../errors/errors.ts';

export const noSuchClientCertificate = () => new NotFoundError('client certificate');

/** Rejects with the same error, but where AWS does not say what it is that it does not find. */
export function sayWhatIsMissing(error: unknown): never {
  throw error instanceof NotFoundError ? inPlaceOf(error, noSuchClientCertificate()) : error;
}
