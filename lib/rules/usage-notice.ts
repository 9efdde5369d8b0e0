/** The mail that tells an owner how much of the month's minutes is used. */
import { DateTime } from 'luxon';
import type { NoticePercent } from './minutes';
import { nameInMail } from './people-mail';

export type UsageNotice = {
  readonly business: string;
  /** YYYY-MM. */
  readonly month: string;
  readonly percent: NoticePercent;
  /** Minutes a month. */
  readonly limit: number;
  /** Where the minutes are shown. */
  readonly address: string;
};

export function usageNotice({ business, month, percent, limit, address }: UsageNotice) {
  const name = nameInMail(business);
  const inWords = DateTime.fromISO(month, { zone: 'UTC' }).setLocale('en-US').toFormat('LLLL');
  const minutes = `${limit.toLocaleString('en-US')} ${limit === 1 ? 'minute' : 'minutes'}`;
  const lines =
    percent === 100
      ? [
          `${name} has used all of its ${minutes} for ${inWords}.`,
          'Every call is still answered. Until the month is over, callers hear your greeting and can leave a message; nobody is put through, and there is no menu.',
        ]
      : [
          `${name} has used ${percent} % of its ${minutes} for ${inWords}.`,
          'Nothing changes for your callers yet. When all of them are used, they hear your greeting and can leave a message, and nobody is turned away.',
        ];
  return {
    subject:
      percent === 100
        ? `${name} has used all minutes of ${inWords}`
        : `${name} has used ${percent} % of its minutes for ${inWords}`,
    text: `${[...lines, 'Day by day, and what was not charged:', address].join('\n\n')}\n`,
  };
}
