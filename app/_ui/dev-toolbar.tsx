import { Mail, Phone } from 'lucide-react';
import type { ReactNode } from 'react';
import { TimeAgo } from './time-ago';

export type OutboxView = {
  now: Date;
  /** The address we are known by. */
  home: string;
  /** A phone in the browser, where the network is a pretended one. */
  phone: string | null;
  /** How many there are; `newest` holds the first of them. */
  count: number;
  newest: readonly { id: string; to: string; subject: string; text: string; at: Date }[];
};

/** For whoever tries the product on their own machine: mail that would have been sent, and how to place a call. */
export function DevToolbar({ outbox: { now, home, phone, count, newest } }: { outbox: OutboxView }) {
  return (
    <aside
      aria-label="This machine only"
      className="fixed right-2 bottom-[calc(4rem+env(safe-area-inset-bottom))] z-10 desk:bottom-2"
    >
      <details className="group">
        <summary className="ml-auto flex min-h-8 w-fit list-none items-center gap-2 rounded-full border border-line bg-surface px-3 text-meta text-quiet hover:text-ink [&::-webkit-details-marker]:hidden">
          <Mail aria-hidden className="size-3.5" />
          <span>
            {count.toLocaleString('en-GB')}
            <span className="sr-only desk:not-sr-only"> {count === 1 ? 'mail' : 'mails'} in the outbox</span>
          </span>
        </summary>
        <div className="absolute right-0 bottom-full mb-2 flex max-h-[60dvh] w-[min(28rem,calc(100vw-1rem))] flex-col gap-3 overflow-y-auto rounded-card border border-line bg-surface p-4 shadow-float">
          <p className="text-meta text-quiet">
            Only on this machine: no mail leaves it, and a pretend phone network stands in for Twilio. Call from the
            phone below, or from another terminal with{' '}
            <code className="font-mono whitespace-nowrap text-ink">npm run call</code>
          </p>
          {phone && (
            <a
              href={phone}
              target="_blank"
              rel="noopener"
              className="inline-flex min-h-11 items-center self-start rounded-control font-medium text-accent underline underline-offset-4 desk:min-h-9"
            >
              <Phone aria-hidden className="mr-1 inline size-4" />
              Open the phone
            </a>
          )}
          {count === 0 && <p>No mail yet. Leave a message on a call, and the owner gets one.</p>}
          <ul className="divide-y divide-line border-line not-empty:border-t">
            {newest.map(({ id, to, subject, text, at }) => (
              <li key={`${id} ${to}`} className="py-2">
                <details>
                  <summary className="rounded-control wrap-anywhere">
                    {subject}
                    <span className="block text-meta text-quiet">
                      To <bdi>{to}</bdi>, <TimeAgo at={at} now={now} zone="UTC" />
                    </span>
                  </summary>
                  <p className="pt-2 whitespace-pre-line wrap-anywhere text-meta">{withLinks(text, home)}</p>
                </details>
              </li>
            ))}
          </ul>
        </div>
      </details>
    </aside>
  );
}

/** A mail as a mail program shows it: its addresses can be followed, those that are ours. A name may look like another. */
const withLinks = (text: string, home: string): ReactNode[] =>
  text.split(/(https?:\/\/\S+)/).map((piece) =>
    piece.startsWith(`${home}/`) ? (
      <a key={piece} href={piece.slice(home.length)} className="text-accent underline underline-offset-4">
        {piece}
      </a>
    ) : (
      piece
    ),
  );
