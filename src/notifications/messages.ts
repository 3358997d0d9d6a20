import type { Message, Sink } from './sink.ts';
import type { Waiting } from './waiting.ts';

/** So many are sent one by one; if more wait, they are sent together, as far as the receiver can take that. */
const FEW = 5;

/** Those of all that wait that are sent next, as one message, which may have so many notices. */
export function nextOf(all: readonly Waiting[], most: number): Waiting[] {
  const [first] = all;
  if (!first?.notice) return all.slice(0, 1);
  return all.filter(({ notice }) => notice).slice(0, all.length > FEW ? most : 1);
}

/** The message that says this, of which there is something. */
export function messageOf(sink: Sink, waiting: readonly Waiting[]): Message {
  const [first, ...others] = waiting.flatMap(({ notice }) => notice ?? []);
  if (first) return sink.compose([first, ...others]);
  const [over] = waiting;
  const message = over && sink.resolution?.(over.about);
  if (!message) throw new Error('there is nothing to say');
  return message;
}

/** All messages that would be sent, if nothing fails. */
export function messagesOf(sink: Sink, waiting: readonly Waiting[]): Message[] {
  const left = new Set(waiting);
  const messages: Message[] = [];
  while (left.size > 0) {
    const next = nextOf(Array.from(left), sink.most);
    messages.push(messageOf(sink, next));
    for (const one of next) left.delete(one);
  }
  return messages;
}
