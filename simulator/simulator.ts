import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CallRequest, placeCall } from './call';
import { CALLS_PATH, controlRoom } from './control';
import type { CallEvent, CompletedCall } from './events';
import { createNetwork, loopbackOnly, type Network, type NetworkSettings } from './network';
import { type Answer, answerRest, unauthorised } from './rest';

export type Simulator = {
  /** Where it answers, without a slash at the end: the product's TWILIO_API_BASE_URL. */
  readonly url: string;
  placeCall(call: CallRequest, onEvent?: (event: CallEvent) => void): Promise<CompletedCall>;
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
  const answerRequest = answering(network);
  server.on('request', (request, response) => {
    answerRequest(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });

  return {
    url: network.apiUrl,
    placeCall: (call, onEvent) => placeCall(network, call, onEvent),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Everything the network answers needs the account's credentials, as at Twilio. */
function answering(network: Network) {
  const control = controlRoom(network);
  const { sid, authToken } = network.account;
  const credentials = `Basic ${Buffer.from(`${sid}:${authToken}`).toString('base64')}`;

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', network.apiUrl);
    if (request.headers.authorization !== credentials) return send(response, unauthorised());
    if (request.method === 'POST' && url.pathname === CALLS_PATH) {
      return control.callWanted(await jsonOf(request), response);
    }
    const act = /^\/simulator\/calls\/(CA[\da-f]{32})\/acts$/.exec(url.pathname);
    if (request.method === 'POST' && act?.[1] !== undefined) {
      return control.acted(act[1], await jsonOf(request), response);
    }
    send(response, answerRest(network, request.method ?? 'GET', url));
  };
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

/** The body as JSON; null when it is none, which no caller of this accepts. */
async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return null;
  }
}
