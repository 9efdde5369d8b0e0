import { ListChecks, LockKeyhole, PhoneForwarded, Voicemail } from 'lucide-react';
import Link from 'next/link';
import { Badge } from '@/app/_ui/badge';
import { ButtonLink } from '@/app/_ui/button';

const steps = [
  {
    icon: PhoneForwarded,
    title: 'Somebody calls',
    text: 'While you are open it rings your people, one after the other. When nobody can come to the phone, or you are closed, we answer in your name.',
  },
  {
    icon: Voicemail,
    title: 'They say what they need',
    text: 'Callers leave a message, ask for an appointment or hear your hours, by speaking or with a key. In an emergency they reach the person on call.',
  },
  {
    icon: ListChecks,
    title: 'You see what to do',
    text: 'In the morning there is one list: who called, what they wanted, who waits longest. Call back with one tap, and it is done.',
  },
];

const sample = [
  {
    who: 'Maria Okafor',
    wanted: 'Water is coming through the kitchen ceiling. Please call at once.',
    when: '11:42 pm',
    urgent: true,
  },
  {
    who: '+1 415 555 0132',
    wanted: 'Asked for an appointment on Thursday after 4 pm.',
    when: '9:05 pm',
    urgent: false,
  },
  { who: 'Number withheld', wanted: 'Asked about the opening hours.', when: '7:30 pm', urgent: false },
];

export function LandingScreen() {
  return (
    <div className="mx-auto flex min-h-dvh max-w-page flex-col px-4 desk:px-8">
      <header className="flex items-center justify-between gap-4 py-4">
        <p className="font-semibold text-accent">AfterCallPro</p>
        <ButtonLink href="/sign-in" variant="quiet" className="-mr-3">
          Sign in
        </ButtonLink>
      </header>

      <main className="flex grow flex-col gap-16 py-12 desk:gap-24 desk:py-24">
        <section className="grid items-center gap-12 wide:grid-cols-2">
          <div className="flex flex-col items-start gap-6">
            <h1 className="text-display font-semibold">Every call is answered, also when you are not there</h1>
            <p className="max-w-text text-quiet">
              AfterCallPro answers the phone of small businesses: clinics, plumbers, law offices, salons. It greets your
              callers, takes their message, and hands you in the morning a list that says who called, what they wanted
              and what to do.
            </p>
            <ButtonLink href="/sign-up" variant="primary">
              Create an account
            </ButtonLink>
          </div>
          <figure className="rounded-card border border-line bg-surface p-6">
            <figcaption className="pb-3 text-title font-semibold">2 messages nobody has listened to</figcaption>
            <ul className="divide-y divide-line border-t border-line">
              {sample.map((call) => (
                <li key={call.who} className="flex flex-col gap-0.5 py-3">
                  <span className="flex justify-between gap-4">
                    <span className="font-semibold">{call.who}</span>
                    <span className="text-meta text-quiet">{call.when}</span>
                  </span>
                  <span className="text-quiet">{call.wanted}</span>
                  {call.urgent && <Badge tone="urgent">Urgent</Badge>}
                </li>
              ))}
            </ul>
          </figure>
        </section>

        <section aria-labelledby="how" className="flex flex-col gap-8">
          <h2 id="how" className="text-title font-semibold">
            How it goes
          </h2>
          <ol className="grid gap-8 desk:grid-cols-3">
            {steps.map(({ icon: Icon, title, text }) => (
              <li key={title} className="flex flex-col gap-2 border-t border-line pt-4">
                <Icon aria-hidden className="size-6 text-accent" />
                <h3 className="font-semibold">{title}</h3>
                <p className="text-quiet">{text}</p>
              </li>
            ))}
          </ol>
        </section>

        <section aria-labelledby="care" className="flex flex-col gap-4 border-t border-line pt-8">
          <h2 id="care" className="flex items-center gap-2 text-title font-semibold">
            <LockKeyhole aria-hidden className="size-5 text-accent" />
            What callers tell you stays between you
          </h2>
          <p className="max-w-text text-quiet">
            Names, numbers, messages and recordings are encrypted before they are stored. Only the people you name can
            open them, and every opening is noted. Once a recording is safely with us, the copy at the phone company is
            deleted.
          </p>
        </section>
      </main>

      <footer className="border-t border-line py-6 text-meta text-quiet">
        <Link href="/sign-in" prefetch={false} className="rounded-control">
          For owners and their staff: sign in
        </Link>
      </footer>
    </div>
  );
}
