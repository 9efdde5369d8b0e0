import { Bot, Circle, CircleAlert, CircleCheck, PhoneOutgoing, ShieldCheck, Siren } from 'lucide-react';
import type { ReactNode } from 'react';

const tones = {
  urgent: { icon: Siren, look: 'text-urgent font-semibold' },
  unheard: { icon: Circle, look: 'text-accent font-medium [&_svg]:size-2 [&_svg]:fill-current' },
  waiting: { icon: PhoneOutgoing, look: 'text-quiet' },
  admin: { icon: ShieldCheck, look: 'text-quiet' },
  robot: { icon: Bot, look: 'text-quiet' },
  warn: { icon: CircleAlert, look: 'text-warn' },
  good: { icon: CircleCheck, look: 'text-good' },
};

/** A state in a word, an icon and a colour, so that none of them carries it alone. */
export function Badge({ tone, children }: { tone: keyof typeof tones; children: ReactNode }) {
  const { icon: Icon, look } = tones[tone];
  return (
    <span className={`inline-flex items-center gap-1 text-meta whitespace-nowrap ${look}`}>
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {children}
    </span>
  );
}
