/** What the operator is told of by mail: things that no visitor sees and that do not mend themselves. */
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
  clock_job_failed: {
    subject: 'A job of the clock failed, or was cut off',
    text: 'It starts again at its next time; until then its work is not done. More failures of it in this hour are not reported again. The job:',
  },
  drill_late: {
    subject: 'No backup has been restored for a while',
    text: 'A backup that nobody has tried to restore is a hope. On the machine that has the key, run npm run backup --',
  },
} as const;

export type Alert = keyof typeof ALERTS;
export const isAlert = (text: string): text is Alert => Object.hasOwn(ALERTS, text);
