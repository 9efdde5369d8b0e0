import { Ellipsis, LogOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { mayOpen, type Role } from '@/lib/rules/permissions';
import type { FormAction } from './action-form';
import { GrantBanner, type OpenGrant } from './grant-banner';
import { PlaceLink } from './place-link';
import { type Place, places } from './places';
import { TextLink } from './plain';
import { QuickAction } from './quick-action';

/** What the frame around a signed-in page says. */
export type Frame = {
  /** The business in whose name the viewer is here; null on the platform's and the account's own pages. */
  businessName: string | null;
  /** Whether there is another one to change to. */
  hasOthers: boolean;
  viewerName: string;
  /** What an admin has opened for a while. */
  grant: OpenGrant | null;
};

/** On the phone the first four of these stand in the bar, the rest is under "More". Who has few places has all of them in the bar. */
const inBar: readonly Place[] = ['today', 'calls', 'line', 'platform', 'businesses', 'users'];

/** A rail on the left on the desktop, a bar at the bottom on the phone. `children` bring their own heading. */
export function Shell({
  frame: { businessName, hasOthers, viewerName, grant },
  viewer,
  signOut,
  giveBack,
  children,
}: {
  frame: Frame;
  /** The role in force, and the grant of an admin: they decide which places are shown. */
  viewer: { role: Role; grantId: string | null };
  signOut: FormAction;
  giveBack: FormAction;
  children: ReactNode;
}) {
  const shown = places.filter((place) => mayOpen(viewer, place)).map(({ id }) => id);
  const bar = shown.length < 4 ? shown : shown.filter((id) => inBar.includes(id)).slice(0, 4);
  const more = shown.filter((id) => !bar.includes(id));
  const leave = (
    <QuickAction action={signOut} fields={{}} variant="quiet" icon={<LogOut aria-hidden className="size-4" />}>
      Sign out
    </QuickAction>
  );
  return (
    <div className="desk:flex">
      <a
        href="#content"
        className="sr-only rounded-control bg-surface px-4 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-40"
      >
        Skip to the content
      </a>

      <header className="hidden h-dvh w-52 shrink-0 flex-col gap-6 border-r border-line bg-surface px-3 py-6 desk:sticky desk:top-0 desk:flex">
        <div className="flex flex-col px-3">
          <p className="line-clamp-2 font-semibold">
            <bdi>{businessName ?? 'AfterCallPro'}</bdi>
          </p>
          {hasOthers && <TextLink href="/account">Change business</TextLink>}
        </div>
        <nav aria-label="Main" className="flex min-h-0 grow flex-col gap-1 overflow-y-auto">
          {shown.map((id) => (
            <PlaceLink key={id} place={id} look="rail" />
          ))}
        </nav>
        <div className="flex flex-col items-start gap-1">
          <p className="line-clamp-2 px-3 text-meta text-quiet">
            Signed in as <bdi>{viewerName}</bdi>
          </p>
          {leave}
        </div>
      </header>

      <main
        id="content"
        tabIndex={-1}
        className="min-w-0 grow px-4 pt-6 pb-[calc(6rem+env(safe-area-inset-bottom))] outline-none desk:px-8 desk:py-8"
      >
        <div className="mx-auto flex max-w-page flex-col gap-6">
          {grant !== null && <GrantBanner grant={grant} giveBack={giveBack} />}
          {children}
        </div>
      </main>

      <nav
        aria-label="Main, phone"
        className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] desk:hidden"
      >
        <ul className="grid auto-cols-fr grid-flow-col">
          {bar.map((id) => (
            <li key={id}>
              <PlaceLink place={id} look="bar" />
            </li>
          ))}
          <li>
            <button
              type="button"
              popoverTarget="more"
              className="flex min-h-14 w-full flex-col items-center justify-center gap-0.5 text-meta text-quiet -outline-offset-2!"
            >
              <Ellipsis aria-hidden className="size-5" />
              More
            </button>
          </li>
        </ul>
      </nav>
      <nav
        id="more"
        aria-label="More"
        popover="auto"
        className="sheet border-t border-line bg-surface p-4 pb-8 text-ink shadow-float desk:hidden"
      >
        {more.map((id) => (
          <PlaceLink key={id} place={id} look="sheet" />
        ))}
        <p className="mt-3 line-clamp-2 border-t border-line px-3 pt-4 text-meta text-quiet">
          <bdi>{businessName ?? 'AfterCallPro'}</bdi> · signed in as <bdi>{viewerName}</bdi>
        </p>
        {hasOthers && (
          <div className="px-3">
            <TextLink href="/account">Change business</TextLink>
          </div>
        )}
        <div className="flex pt-2">{leave}</div>
      </nav>
    </div>
  );
}

/** A screen's heading: what it is, one line about it, and what belongs beside it. */
export function PageHead({
  title,
  loud = false,
  children,
  aside,
}: {
  title: string;
  /** The title itself is the news. */
  loud?: boolean;
  children?: ReactNode;
  aside?: ReactNode;
}) {
  return (
    <header className="flex flex-wrap items-end justify-between gap-4">
      <div className="flex min-w-0 flex-col gap-1">
        <h1 className={`font-semibold desk:text-display ${loud ? 'text-display' : 'text-title'}`}>{title}</h1>
        {children && <div className="max-w-text text-quiet">{children}</div>}
      </div>
      {aside}
    </header>
  );
}
