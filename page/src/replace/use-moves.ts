import { useCallback, useEffect, useRef, useState } from 'react';
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
  /**
   * One stage after the other, each by a request of its own. It ends early where the service refuses what concerns all of
   * them, or has not answered twice running.
   */
  move(direction: Direction, stages: readonly Stage[]): Promise<void>;
  /** After the stage that is under way. */
  stop(): void;
};

/** What the service says where it complains about nothing but the one stage of the request; only its words say why. */
const saidOfStage = ({ issues = [] }: Refused): string | undefined =>
  issues.length > 0 && issues.every(({ path }) => path[1] === 'stages')
    ? issues.map(({ message }) => message).join('; ')
    : undefined;

/** `onEnd` is called after the last one, whatever came of them. Who leaves the view stops it, since nobody sees what comes then. */
export function useMoves(onEnd: () => void): Moves {
  const client = useClient();
  const [outcomes, setOutcomes] = useState<Moves['outcomes']>(new Map());
  const [isMoving, setIsMoving] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const [error, setError] = useState<CombinedError>();
  const isStopped = useRef(false);
  const stop = useCallback(() => {
    isStopped.current = true;
  }, []);
  useEffect(() => stop, [stop]);

  const note = (stage: Stage, outcome: Outcome) =>
    setOutcomes((known) => new Map(known).set(stage.id, { stage, outcome }));

  async function moveOne(direction: Direction, stage: Stage): Promise<'answered' | 'refused' | 'lost'> {
    note(stage, { status: 'MOVING' });
    const { data, error } = await client.mutation(MOVE, { input: { ...direction, stages: [stage.id] } });
    const result = data?.replaceClientCertificate;
    setError(error);
    if (!result) {
      note(stage, { status: 'NOT_KNOWN' });
      return 'lost';
    }
    if (result.__typename === 'ReplaceClientCertificatePayload') {
      note(stage, outcomeOf(result, stage.id));
      return 'answered';
    }
    const message = saidOfStage(result);
    if (message !== undefined) {
      note(stage, { status: 'NOT_MOVED', message });
      return 'answered';
    }
    note(stage, { status: 'REFUSED' });
    setRefused(result);
    return 'refused';
  }

  async function moveEach(direction: Direction, stages: readonly Stage[]): Promise<void> {
    let lost = 0;
    for (const stage of stages) {
      const came = await moveOne(direction, stage);
      lost = came === 'lost' ? lost + 1 : 0;
      if (isStopped.current || came === 'refused' || lost === 2) return;
    }
  }

  return {
    outcomes,
    isMoving,
    refused,
    error,
    stop,
    move: async (direction, stages) => {
      isStopped.current = false;
      setIsMoving(true);
      setRefused(undefined);
      setError(undefined);
      await moveEach(direction, stages);
      setIsMoving(false);
      onEnd();
    },
  };
}
