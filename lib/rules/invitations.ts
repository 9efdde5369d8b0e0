/** How people are asked into a business. */

/** An invitation can be accepted for this long after it was sent last. */
export const invitationDays = 7;

/** Open at a time, for a business. */
export const mostOpenInvitations = 20;

/** Begun in a day: for a business, and for one address in it. Nobody's mailbox can be filled from here. */
export const mostInvitationsADay = 50;
export const mostInvitationsADayToOne = 3;

/** The same one is sent again this often at most. */
export const minutesBetweenSendings = 5;

/** Whether an invitation that was sent then may be sent again, by when it was sent last. */
export const maySendAgain = (sentAt: Date, now: Date): boolean =>
  now.getTime() - sentAt.getTime() >= minutesBetweenSendings * 60_000;

/** When an invitation that is sent now runs out. */
export const invitationEnd = (now: Date): Date => new Date(now.getTime() + invitationDays * 86_400_000);
