import { ChevronRight, Circle, CircleCheck } from 'lucide-react';
import Link from 'next/link';

/** Whether each is seen to. */
export type FirstSteps = { readonly number: boolean; readonly hours: boolean; readonly greeting: boolean };

const steps = [
  {
    name: 'number',
    href: '/dashboard/number',
    title: 'Say which number your callers dial',
    text: 'Until then no call reaches us.',
  },
  {
    name: 'hours',
    href: '/dashboard/hours',
    title: 'Say when your people are there',
    text: 'Until then you count as closed, and we answer every call. If that is how you want it, save the hours as they are.',
  },
  {
    name: 'greeting',
    href: '/dashboard/greeting',
    title: 'Choose what your callers hear first',
    text: 'We have written a first greeting. Make it yours.',
  },
] as const;

/** What an owner does first, in the order that gets the phone answered soonest. */
export function FirstStepsList({ steps: seenTo }: { steps: FirstSteps }) {
  return (
    <section aria-labelledby="first-steps" className="flex max-w-form flex-col gap-2">
      <h2 id="first-steps" className="font-semibold">
        What to do first
      </h2>
      <ol className="-mx-2 divide-y divide-line border-y border-line">
        {steps.map(({ name, href, title, text }) => (
          <li key={name}>
            <Link
              href={href}
              prefetch={false}
              className="flex items-start gap-3 rounded-control px-2 py-3 hover:bg-line/30"
            >
              {seenTo[name] ? (
                <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />
              ) : (
                <Circle aria-hidden className="mt-0.5 size-4 shrink-0 text-quiet" />
              )}
              <span className="grow">
                <span className="block font-medium">{title}</span>
                <span className="block text-quiet">{seenTo[name] ? 'Done.' : text}</span>
              </span>
              <ChevronRight aria-hidden className="mt-0.5 size-4 shrink-0 text-quiet" />
            </Link>
          </li>
        ))}
      </ol>
    </section>
  );
}
