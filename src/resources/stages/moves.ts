import type { ApiStage } from './api-stage.ts';

/** The stages of an account and region on which this process is putting another certificate at the moment. */
export type Moves = {
  /** The stage may get the certificate from now on. The result is called when it is known, or in doubt, whether it did. */
  begin(stage: ApiStage, clientCertificateId: string): () => void;
  /** The stages that may get the certificate. */
  to(clientCertificateId: string): ApiStage[];
};

export function createMoves(): Moves {
  const all = new Set<{ stage: ApiStage; to: string }>();
  return {
    begin: (stage, clientCertificateId) => {
      const move = { stage, to: clientCertificateId };
      all.add(move);
      return () => void all.delete(move);
    },
    to: (clientCertificateId) =>
      Array.from(all).flatMap(({ stage, to }) => (to === clientCertificateId ? [stage] : [])),
  };
}
