/** What we write to somebody about their place in a business. */
import { invitationDays } from './invitations';

export const MEMBER_MAILS = ['removed', 'now_staff', 'now_owner', 'left'] as const;
export type MemberMail = (typeof MEMBER_MAILS)[number];

type Letter = { readonly subject: string; readonly text: string };

/**
 * The name of a business as it may stand in a mail of ours. Whoever has a business names it, and may send an invitation
 * to anybody: so no more than letters, digits and what names are made of, and nothing that a mail program makes a link of.
 */
export function nameInMail(name: string): string {
  const plain = name
    .normalize('NFKC')
    .replace(/[^\p{L}\p{M}\p{N}&'’-]+/gu, ' ')
    .trim();
  const cut = [...plain].slice(0, 60).join('').trim();
  return cut === '' ? 'A business' : cut;
}

const letter = (subject: string, ...lines: readonly string[]): Letter => ({ subject, text: `${lines.join('\n\n')}\n` });

const places = { business_owner: 'as an owner', staff: 'as staff' } as const;

/** @param link where the invitation is accepted. */
export function invitationMail(business: string, role: keyof typeof places, link: string): Letter {
  const name = nameInMail(business);
  return letter(
    `${name} invites you to AfterCallPro`,
    `${name} answers its telephone with AfterCallPro, and invites you ${places[role]}. To accept, open this page:`,
    link,
    `The link works once, for ${invitationDays} days, and for this e-mail address alone.`,
    'If you do not know this business, do nothing: you are in no business until you accept.',
  );
}

/** @param link where to go to see for oneself. */
export function memberMail(mail: MemberMail, business: string, link: string): Letter {
  const { subject, lines } = mails[mail](nameInMail(business));
  return letter(subject, ...lines, link);
}

const mails: Readonly<Record<MemberMail, (name: string) => { subject: string; lines: readonly string[] }>> = {
  removed: (name) => ({
    subject: `You no longer belong to ${name}`,
    lines: [
      `An owner of ${name} has taken you out of the business. You were signed out there and can no longer open its calls.`,
      'Your own account stays as it is. You find it here:',
    ],
  }),
  left: (name) => ({
    subject: `You have left ${name}`,
    lines: [
      `You have left ${name}, so you can no longer open its calls. To come back, you need an invitation.`,
      'Your own account stays as it is. If it was not you, change your password here, and tell an owner:',
    ],
  }),
  now_staff: (name) => ({
    subject: `You are now staff at ${name}`,
    lines: [
      `Your role at ${name} has changed from owner to staff. You can work with the calls, and no longer change the line, the people or the promises of the business.`,
      'What you can open now:',
    ],
  }),
  now_owner: (name) => ({
    subject: `You are now an owner of ${name}`,
    lines: [
      `Your role at ${name} has changed from staff to owner. You can change everything of the business: its line, its people, and what it promises its callers.`,
      'What you can open now:',
    ],
  }),
};
