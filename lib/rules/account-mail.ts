/** What we write to somebody about their account. Nothing of it says who they are: mail is read on the way. */
import { wayBackDays } from './email-change';
import { failuresBeforeLock, linkMinutes, lockMinutes } from './lockout';
import { confirmHours } from './sign-up';

export const ACCOUNT_MAILS = [
  'reset_password',
  'unlock',
  'password_changed',
  'new_device',
  'suspended',
  'break_glass',
  'second_factor_on',
  'second_factor_off',
  'recovery_codes_new',
  'recovery_code_used',
] as const;
export type AccountMail = (typeof ACCOUNT_MAILS)[number];
/** About a change of address: to the new one before it, to the old one after it. */
export const EMAIL_CHANGE_MAILS = ['change_email', 'email_changed'] as const;
export type EmailChangeMail = (typeof EMAIL_CHANGE_MAILS)[number];
/** What answers a sign-up, whose address may have an account already. */
export type SignUpMail = 'confirm_email' | 'already_here';

/** @param link where the one thing to do is done; where nothing need be done, where to go if it was somebody else. */
export function accountMail(
  mail: AccountMail | SignUpMail | EmailChangeMail,
  link: string,
): { readonly subject: string; readonly text: string } {
  const { subject, lines } = mails[mail](link);
  return { subject, text: `${lines.join('\n\n')}\n` };
}

const once = `The link works once, and for ${linkMinutes} minutes.`;

const mails: Readonly<
  Record<AccountMail | SignUpMail | EmailChangeMail, (link: string) => { subject: string; lines: readonly string[] }>
> = {
  confirm_email: (link) => ({
    subject: 'Confirm your e-mail for AfterCallPro',
    lines: [
      'Somebody, probably you, signed up with this address. To open the account, go to this page and type the password that you chose:',
      link,
      `The link works once, and for ${confirmHours} hours.`,
      'If it was not you, do nothing: without it there is no account, and what was typed is deleted. Whoever it was, only they know the password.',
    ],
  }),
  change_email: (link) => ({
    subject: 'Confirm your new e-mail for AfterCallPro',
    lines: [
      'Somebody, probably you, wants to use this address for an AfterCallPro account that has another one. To confirm it, open this page:',
      link,
      once,
      'If it was not you, do nothing: the account keeps the address it has.',
    ],
  }),
  email_changed: (link) => ({
    subject: 'The e-mail of your AfterCallPro account was changed',
    lines: [
      'Your account has another address from now on, and you were signed out everywhere but where the change was asked for. If it was you, all is well.',
      'If it was not you, take the change back here. Everybody is signed out, and you can choose a new password after that:',
      link,
      `The link works once, and for ${wayBackDays} days.`,
    ],
  }),
  already_here: (link) => ({
    subject: 'You have an AfterCallPro account already',
    lines: [
      'Somebody, probably you, wanted to open an account with this address, or to use it for another one. It has an account already, which stays as it is. Sign in here:',
      link,
      'If you forgot the password, you can choose a new one from there. If it was not you, you need not do anything.',
    ],
  }),
  reset_password: (link) => ({
    subject: 'Choose a new password for AfterCallPro',
    lines: [
      'Somebody, probably you, asked for a new password for your account. To choose one, open this page:',
      link,
      once,
      'If it was not you, do nothing: your password stays as it is.',
    ],
  }),
  unlock: (link) => ({
    subject: 'Your AfterCallPro account is closed for a while',
    lines: [
      `There were ${failuresBeforeLock} wrong passwords or codes in a row, so new sign-ins to your account are closed for ${lockMinutes} minutes. Where you are signed in, you stay signed in.`,
      'If it was you, open your account again here:',
      link,
      once,
      'If it was not you, you need not do anything: nobody got in. Your account opens again by itself.',
    ],
  }),
  new_device: (link) => ({
    subject: 'New sign-in to your AfterCallPro account',
    lines: [
      'Somebody signed in to your account with your password, in a browser that was not used for it before. If it was you, all is well.',
      'If it was not you, sign that browser out and change your password here:',
      link,
    ],
  }),
  suspended: (link) => ({
    subject: 'Your AfterCallPro account is suspended',
    lines: [
      'Whoever runs AfterCallPro for you has suspended your account. You were signed out everywhere and cannot sign in until they lift it. Nothing of yours was deleted.',
      'If you do not know why, ask them. Your password was not the reason, and a new one changes nothing.',
      link,
    ],
  }),
  break_glass: (link) => ({
    subject: 'Somebody who runs AfterCallPro is looking at your calls',
    lines: [
      'An admin of AfterCallPro opened the calls of your business for a while, to read and to listen, not to change anything. Who it is, why, until when, and every call they open stands on your compliance page. You can end it there at once:',
      link,
    ],
  }),
  second_factor_on: (link) => ({
    subject: 'Your AfterCallPro account now asks for a code',
    lines: [
      'A second factor was turned on for your account. From now on signing in takes your password and a code from your app. Everywhere else you were signed out.',
      'If it was not you, somebody has your password and an open session. Choose a new password here:',
      link,
    ],
  }),
  second_factor_off: (link) => ({
    subject: 'Your AfterCallPro account no longer asks for a code',
    lines: [
      'The second factor of your account was turned off. From now on the password alone signs you in. Everywhere else you were signed out.',
      'If it was not you, somebody was signed in as you. Choose a new password here, and turn the second factor on again:',
      link,
    ],
  }),
  recovery_codes_new: (link) => ({
    subject: 'Your AfterCallPro recovery codes were replaced',
    lines: [
      'Somebody, probably you, made new recovery codes for your account. The old ones no longer work.',
      'If it was not you, choose a new password here, and then make new codes again:',
      link,
    ],
  }),
  recovery_code_used: (link) => ({
    subject: 'A recovery code of your AfterCallPro account was used',
    lines: [
      'One of your recovery codes took the place of a code from your app. It will not work again. If it was you, all is well; if your phone is gone, turn the second factor off and on again to move it to a new one.',
      'If it was not you, somebody has your codes and your password. Choose a new password here:',
      link,
    ],
  }),
  password_changed: (link) => ({
    subject: 'Your AfterCallPro password was changed',
    lines: [
      'Your password was changed with a link that we had sent to this address. You were signed out everywhere.',
      'If it was not you, somebody can read your mail. Secure your mailbox first, and then choose a new password here:',
      link,
    ],
  }),
};
