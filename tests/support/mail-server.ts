/** A mail server on this machine that takes every mail and notes what it is told, line by line. */
import { type AddressInfo, createServer, type Socket } from 'node:net';

export type MailServer = {
  readonly url: string;
  /** Every line that came in. */
  readonly heard: string[];
  /** How it answers whoever names a recipient, until it is said otherwise: `250 fine`. */
  answerToRecipient: string;
  stop(): Promise<void>;
};

/** Starts it; on a free port, unless one is named. */
export async function startMailServer(port = 0): Promise<MailServer> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    let inData = false;
    let rest = '';
    const say = (line: string) => socket.write(`${line}\r\n`);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => undefined);
    say('220 mail.test');
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        heard.push(line);
        if (inData) {
          if (line !== '.') continue;
          inData = false;
          say('250 taken');
        } else if (/^EHLO/.test(line)) say('250 mail.test');
        else if (/^RCPT/.test(line)) say(it.answerToRecipient);
        else if (line === 'DATA') {
          inData = true;
          say('354 go on');
        } else if (line === 'QUIT') {
          say('221 bye');
          socket.end();
        } else say('250 fine');
      }
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const it: MailServer = {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    answerToRecipient: '250 fine',
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
  return it;
}
