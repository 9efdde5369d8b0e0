/** Twilio's REST API on this machine, as good or as bad as a test wants it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type Answer = (response: ServerResponse, request: IncomingMessage, body: string) => unknown;

export type PretendTwilio = {
  readonly url: string;
  /** What came in, as `GET /path`, with the authorization that came with it. */
  readonly requests: { readonly line: string; readonly authorization: string | undefined }[];
  /** How to answer a request line, until it is said otherwise; 404 where nothing was said. */
  on(line: string, answer: Answer): void;
  close(): Promise<void>;
};

/** Starts it, and points `TWILIO_API_BASE_URL` at it: call it before anything reads the environment. */
export async function pretendTwilio(): Promise<PretendTwilio> {
  const answers = new Map<string, Answer>();
  const requests: PretendTwilio['requests'] = [];
  const server = createServer(async (request, response) => {
    const line = `${request.method} ${request.url}`;
    const body = await text(request);
    requests.push({ line, authorization: request.headers.authorization });
    const answer = answers.get(line) ?? ((missing) => void missing.writeHead(404).end());
    answer(response, request, body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.TWILIO_API_BASE_URL = url;
  return {
    url,
    requests,
    on: (line, answer) => void answers.set(line, answer),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

const account = '/2010-04-01/Accounts/AC00000000000000000000000000000000';
export const mediaLine = (sid: string) => `GET ${account}/Recordings/${sid}.wav`;
export const deleteLine = (sid: string) => `DELETE ${account}/Recordings/${sid}.json`;
export const deleteCallLine = (sid: string) => `DELETE ${account}/Calls/${sid}.json`;
export const deleteTranscriptLine = (sid: string) => `DELETE ${account}/Transcriptions/${sid}.json`;

export const messagesLine = `POST ${account}/Messages.json`;
export const messageLine = (sid: string) => `GET ${account}/Messages/${sid}.json`;
/** Looks for the texts from one number to another. */
export const lookLine = (from: string, to: string) =>
  `GET ${account}/Messages.json?${new URLSearchParams({ From: from, To: to, PageSize: '100' })}`;

/** A WAV file with so many bytes of sound in it, none like the next. */
export function wav(bytes: number): Buffer {
  const file = Buffer.alloc(44 + bytes);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + bytes, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(8000, 24);
  file.writeUInt32LE(16000, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(bytes, 40);
  for (let at = 44; at < file.length; at += 1) file[at] = (at * 31 + (at >> 8)) % 256;
  return file;
}

export const sendsWav =
  (content: Buffer, type = 'audio/x-wav'): Answer =>
  (response) =>
    void response.writeHead(200, { 'Content-Type': type, 'Content-Length': content.length }).end(content);
export const sendsStatus =
  (status: number): Answer =>
  (response) =>
    void response.writeHead(status).end();
