/** The fields of a request that decide something, and how Twilio writes them. */
const FORMS: Readonly<Record<string, RegExp>> = {
  CallStatus: /^(?:queued|initiated|ringing|in-progress|completed|busy|failed|no-answer|canceled)$/,
  CallDuration: /^\d{1,6}$/,
  DialBridged: /^(?:true|false)$/i,
  DialCallStatus: /^(?:completed|answered|busy|no-answer|failed|canceled)$/,
  RecordingDuration: /^\d{1,6}$/,
  RecordingStatus: /^(?:in-progress|completed|absent|failed)$/,
  TranscriptionStatus: /^(?:completed|failed)$/,
};

/**
 * Whether a request says something in a form that we do not know, and so counted it as unknown. A field that is missing or
 * blank says nothing, which is not odd: Twilio leaves out what does not apply.
 */
export function hasOddFields(fields: Readonly<Record<string, string | undefined>>): boolean {
  return Object.entries(FORMS).some(([name, form]) => {
    const text = fields[name]?.trim() ?? '';
    return text !== '' && !form.test(text);
  });
}
