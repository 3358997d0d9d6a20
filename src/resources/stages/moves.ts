import type { ApiStage } from './api-stage.ts';

/** What this process is doing at the moment with certificates of an account and region that does not go together. */
export type Moves = {
  /** The stage may get the certificate from now on. The result is called when it is known, or in doubt, whether it did. */
  begin(stage: ApiStage, clientCertificateId: string): () => void;
  /** The stages that may get the certificate. */
  to(clientCertificateId: string): ApiStage[];
  /** The certificate may be deleted from now on, until the result is called. */
  beginDelete(clientCertificateId: string): () => void;
  isDeleting(clientCertificateId: string): boolean;
};

export function createMoves(): Moves {
  const all = new Set<{ stage: ApiStage; to: string }>();
  const deletes = new Set<{ id: string }>();
  return {
    begin: (stage, clientCertificateId) => addTo(all, { stage, to: clientCertificateId }),
    to: (clientCertificateId) =>
      Array.from(all).flatMap(({ stage, to }) => (to === clientCertificateId ? [stage] : [])),
    beginDelete: (clientCertificateId) => addTo(deletes, { id: clientCertificateId }),
    isDeleting: (clientCertificateId) => Array.from(deletes).some(({ id }) => id === clientCertificateId),
  };
}

/** Until the result is called. */
function addTo<T>(all: Set<T>, one: T): () => void {
  all.add(one);
  return () => void all.delete(one);
}
