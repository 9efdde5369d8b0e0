import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CallRequest, placeCall } from './call';
import { CALLS_PATH, controlRoom, FAULTS_PATH, TEXTS_PATH } from './control';
import type { CallEvent, CompletedCall } from './events';
import type { Faults } from './faults';
import { isLoopback } from './loopback';
import { createNetwork, loopbackOnly, type Network, type NetworkSettings, type Text } from './network';
import { PHONE_PATH, phonePage } from './phone/page';
import { type Answer, notFound, unauthorised } from './rest/answer';
import { answerRest } from './rest/rest';
import { type SentText, sendText, type TextRequest } from './text';

export type Simulator = {
  /** Where it answers, without a slash at the end: the product's TWILIO_API_BASE_URL. */
  readonly url: string;
  placeCall(call: CallRequest, onEvent?: (event: CallEvent) => void): Promise<CompletedCall>;
  /** Somebody writes a text to a number of the account. */
  sendText(text: TextRequest): Promise<SentText>;
  /** The texts there have been, oldest first. */
  texts(): readonly Text[];
  /** Resolves when every text that the product has sent is where it ends, its callbacks included. */
  settled(): Promise<void>;
  /** What goes wrong from now on; `{}` for nothing. */
  fail(faults: Faults): void;
  close(): Promise<void>;
};

/** Starts a pretend phone network on this machine; port 0 takes a free one. Rejects a product that is elsewhere. */
export async function startSimulator(settings: NetworkSettings & { readonly port: number }): Promise<Simulator> {
  // Checked before anything listens.
  loopbackOnly(settings.appUrl);
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(settings.port, '127.0.0.1', resolve);
  });
  const network = createNetwork(settings, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const underway = new Set<Promise<void>>();
  const answerRequest = answering(network, underway);
  server.on('request', (request, response) => {
    answerRequest(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });

  return {
    url: network.apiUrl,
    placeCall: (call, onEvent) => placeCall(network, call, onEvent),
    sendText: (text) => sendText(network, text),
    texts: () => [...network.texts.values()],
    settled: async () => {
      while (underway.size > 0) await Promise.all(underway);
    },
    fail: (faults) => {
      network.faults = faults;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Everything the network answers needs the account's credentials, as at Twilio; only the phone page is there for
 * everybody on this machine, and its key places calls and writes texts as the credentials do.
 */
function answering(network: Network, underway: Set<Promise<void>>) {
  const control = controlRoom(network);
  const phone = phonePage(network);
  const { sid, authToken } = network.account;
  const credentials = `Basic ${Buffer.from(`${sid}:${authToken}`).toString('base64')}`;

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET' } = request;
    const url = new URL(request.url ?? '/', network.apiUrl);
    // By another name a site elsewhere could pass for this one, and read the page's key (DNS rebinding).
    const isHere = isLoopback(new URL(`http://${request.headers.host}`));
    if (!isHere) return send(response, notFound(url), underway);
    if (method === 'GET' && isPhone(url)) return send(response, phone.answer(url), underway);
    const { authorization } = request.headers;
    const isAllowed =
      authorization === credentials ||
      (authorization === phone.authorization && url.pathname.startsWith('/simulator/'));
    if (!isAllowed) return send(response, unauthorised(), underway);
    const act = /^\/simulator\/calls\/(CA[\da-f]{32})\/acts$/.exec(url.pathname);
    switch (`${method} ${act === null ? url.pathname : 'act'}`) {
      case `POST ${CALLS_PATH}`:
        return control.callWanted(await jsonOf(request), response);
      case 'POST act':
        return control.acted(act?.[1] ?? '', await jsonOf(request), response);
      case `PUT ${FAULTS_PATH}`:
        return control.faultsWanted(await jsonOf(request), response);
      case `POST ${TEXTS_PATH}`:
        return control.textWanted(await jsonOf(request), response);
      case `GET ${TEXTS_PATH}`:
        return control.textsWanted(response);
      default: {
        const form = new URLSearchParams(method === 'POST' ? await textOf(request) : '');
        send(response, answerRest(network, { method, url, form }), underway);
      }
    }
  };
}

const isPhone = ({ pathname }: URL) => pathname === PHONE_PATH || pathname.startsWith(`${PHONE_PATH}/`);

function send(response: ServerResponse, answer: Answer, underway: Set<Promise<void>>): void {
  const { status, headers, body, afterwards, isCutOff } = answer;
  if (afterwards !== undefined) {
    const isOut = new Promise((resolve) => response.once('close', resolve));
    const done: Promise<void> = isOut
      .then(afterwards)
      .catch(console.error)
      .finally(() => underway.delete(done));
    underway.add(done);
  }
  if (isCutOff) response.destroy();
  else response.writeHead(status, headers).end(body);
}

/** The body as JSON; null when it is none, which no caller of this accepts. */
async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const text = await textOf(request);
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
