import { useRef, useState } from 'react';
import { type CombinedError, useClient } from 'urql';
import type { Refused } from '../parts/refusal.tsx';
import { type Outcome, outcomeOf, type Stage } from './outcomes.ts';
import { MOVE } from './replace-query.ts';

/** From which certificate to which, and the fingerprint that the backends trust. */
export type Direction = { id: string; with: string; trustedFingerprintSha256: string };

/** What has come of the stages so far, by their ids. */
export type Moves = {
  outcomes: ReadonlyMap<string, { stage: Stage; outcome: Outcome }>;
  isMoving: boolean;
  refused: Refused | undefined;
  error: CombinedError | undefined;
  /** One stage after the other, each by a request of its own, until something keeps all of them from being moved. */
  move(direction: Direction, stages: readonly Stage[]): Promise<void>;
  /** After the stage that is under way. */
  stop(): void;
};

export function useMoves(onEnd: () => void): Moves {
  const client = useClient();
  const [outcomes, setOutcomes] = useState<Moves['outcomes']>(new Map());
  const [isMoving, setIsMoving] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const [error, setError] = useState<CombinedError>();
  const isStopped = useRef(false);

  const note = (stage: Stage, outcome: Outcome) =>
    setOutcomes((known) => new Map(known).set(stage.id, { stage, outcome }));

  /** Whether the next one may be tried. */
  async function moveOne(direction: Direction, stage: Stage): Promise<boolean> {
    note(stage, { status: 'MOVING' });
    const { data, error } = await client.mutation(MOVE, { input: { ...direction, stages: [stage.id] } });
    const result = data?.replaceClientCertificate;
    if (result?.__typename === 'ReplaceClientCertificatePayload') {
      note(stage, outcomeOf(result, stage.id));
      return true;
    }
    note(stage, { status: result ? 'NOT_TRIED' : 'NOT_KNOWN', message: result?.message });
    setRefused(result);
    setError(error);
    return false;
  }

  return {
    outcomes,
    isMoving,
    refused,
    error,
    stop: () => {
      isStopped.current = true;
    },
    move: async (direction, stages) => {
      isStopped.current = false;
      setIsMoving(true);
      setRefused(undefined);
      setError(undefined);
      for (const stage of stages) if (isStopped.current || !(await moveOne(direction, stage))) break;
      setIsMoving(false);
      onEnd();
    },
  };
}
