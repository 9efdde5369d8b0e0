// @ts-check
/** The page's way to the network that serves it. */

/** @typedef {import('../events').CallEvent} CallEvent */
/** @typedef {import('../control').WantedCall} WantedCall */
/** @typedef {import('../control').ControlLine} ControlLine */
/** @typedef {import('../script').CallerAct} CallerAct */
/** @typedef {{ sid: string, from: string, to: string, body: string, status: string, at: string }} Text */

/** What the page was given with it: the key to the network, where the product is, and whom one can call. */
/** @type {{ key: string, appUrl: string, lines: { number: string, name: string, zone: string }[] }} */
export const given = JSON.parse(document.getElementById('given')?.textContent ?? '');

const AWAY = 'The phone network does not answer. Start it with npm run demo or npm run dev, and load this page again.';

/** Asks the network for something. @param {string} method @param {string} path @param {unknown} [body] */
async function ask(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: { Authorization: `Bearer ${given.key}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Error(AWAY);
  });
  if (response.ok) return response;
  // Each network makes its own key when it starts.
  if (response.status === 401) throw new Error('The phone network was started anew. Load this page again.');
  const { message } = await response.json().catch(() => ({ message: `HTTP ${response.status}` }));
  throw new Error(message);
}

/** Places a call, and tells what happens on it until it and its callbacks are over. @param {WantedCall} call @param {(event: CallEvent) => void} onEvent */
export async function placeCall(call, onEvent) {
  const response = await ask('POST', '/simulator/calls', call);
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new Error(AWAY);
    });
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      const line = /** @type {ControlLine} */ (JSON.parse(text));
      if ('event' in line) onEvent(line.event);
      if ('problem' in line) throw new Error(line.problem);
    }
  }
}

/** What is done on the phone, or that what was said has been heard. @param {string} callSid @param {CallerAct | 'heard'} act */
export const act = (callSid, act) => ask('POST', `/simulator/calls/${callSid}/acts`, act);

/** @param {import('../faults').Faults} faults */
export const goWrong = (faults) => ask('PUT', '/simulator/faults', faults);

/** @param {string} from @param {string} to @param {string} body @returns {Promise<import('../text').SentText>} */
export const write = async (from, to, body) => (await ask('POST', '/simulator/texts', { from, to, body })).json();

/** Every text on the network, oldest first. @returns {Promise<Text[]>} */
export const readTexts = async () => (await ask('GET', '/simulator/texts')).json();
