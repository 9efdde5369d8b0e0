/** What Twilio sent: form fields as they came (of one given twice the first), and the query of the address it called. */
export type WebhookRequest = {
  readonly callSid: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** When it happened, where that was earlier: what no request told us, Twilio is asked for afterwards. */
  readonly at?: Date;
};
