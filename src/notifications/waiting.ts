import type { Due } from './due.ts';
import type { Notice } from './notice.ts';
import type { Sink } from './sink.ts';

/** A notice that waits for a sink, or only the key of a certificate that needs no care any more. */
export type Waiting = { id: string; place: string; about: string; notice?: Notice };

/**
 * What is to wait for a sink to which `sent` was sent before; and the ids of marks that are over, since their certificates are gone. A
 * sink that keeps track is told of those first: their marks stay until then.
 */
export function waitingOf(
  sink: Pick<Sink, 'resolution'>,
  { place, notices, present, replaced }: Due,
  sent: Map<string, string>,
): { waiting: Waiting[]; over: string[] } {
  const wanted = sink.resolution ? notices.filter(({ use }) => !use.isReplaced) : notices;
  const waiting: Waiting[] = wanted
    .filter(({ id }) => !sent.has(id))
    .map((notice) => ({ id: notice.id, place, about: notice.about, notice }));
  if (!present) return { waiting, over: [] };
  const isOver = (about: string) => !present.has(about) || (sink.resolution && replaced.has(about));
  const over = Array.from(sent).filter(([, about]) => isOver(about));
  if (!sink.resolution) return { waiting, over: over.map(([id]) => id) };
  for (const about of new Set(over.map(([, about]) => about)))
    waiting.push({ id: `${about} resolved`, place, about });
  return { waiting, over: [] };
}
