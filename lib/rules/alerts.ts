/** What the operator is told of by mail and webhook: things that no visitor sees and that do not mend themselves. */
export const ALERTS = {
  unknown_number: {
    subject: 'A call came in for a number that nobody owns',
    text: 'A caller heard an apology. Either the number points to us by mistake, or a business was set up without it. The call:',
  },
  odd_callback: {
    subject: 'Twilio sent something we do not understand',
    text: 'Part of what it told us about a call was taken for unknown, or could not be kept. The call:',
  },
  job_dead: {
    subject: 'A job was given up',
    text: 'It failed at every try. More of the same kind in this hour are not reported again. The job:',
  },
  missing_key: {
    subject: 'A key is missing',
    text: 'Something was sealed with a key that is not in ENCRYPTION_KEY. Whoever asked for it got an error, and nothing was shown or changed. Put the key back, behind the first; npm run keys -- rotate says what still needs it. The key:',
  },
  does_not_open: {
    subject: 'Something sealed does not open',
    text: 'It was changed, or moved to where it was not sealed for. Whoever asked for it got an error, and nothing was shown or changed. npm run keys -- rotate names what does not open where it is sealed with an older key. The key it names:',
  },
  call_does_not_open: {
    subject: 'A call cannot be completed: something of it does not open',
    text: 'Its end or its recording did not reach us, and what is sealed of it was changed or moved, so that nothing can be added. Twilio still has them; nothing else waits for this call. /admin/jobs says how many such calls each run of reconcile finds. The call:',
  },
  clock_job_failed: {
    subject: 'A job of the clock failed, or was cut off',
    text: 'It starts again at its next time; until then its work is not done. More failures of it in this hour are not reported again. The job:',
  },
  limiter_away: {
    subject: 'The store that counts tries is away',
    text: 'PostgreSQL counts in its place, and every limit holds, but under many requests that is slower. Once an hour, for as long as it lasts. The store:',
  },
  lockout_wave: {
    subject: 'Many accounts were closed by failed sign-ins',
    text: 'Ten or more within ten minutes: somebody is trying passwords at many addresses. Their owners have a mail that opens them; nobody who is signed in is signed out. /admin/audit says from where. Where:',
  },
  drill_late: {
    subject: 'No backup has been restored for a while',
    text: 'A backup that nobody has tried to restore is a hope. On the machine that has the key, run npm run backup --',
  },
  clock_job_late: {
    subject: 'A job of the clock did not start',
    text: 'Its time has passed. Either nothing calls /api/cron any more, or it is not let in. The job:',
  },
  message_missing: {
    subject: 'A caller left a message that is not here',
    text: 'The call is over, and its recording was not saved. It may still be at Twilio. More of this business on the same day are not reported again. A call:',
  },
  line_quiet: {
    subject: 'A line has gone quiet',
    text: 'Nobody has called for longer than is usual for this business. Call its number, and see whether it is answered. The business:',
  },
} as const;

export type Alert = keyof typeof ALERTS;
export const isAlert = (text: string): text is Alert => Object.hasOwn(ALERTS, text);
