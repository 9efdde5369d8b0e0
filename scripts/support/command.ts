/**
 * The frame of the commands that work in the house: what one was called with, its help, the environment it stands in, and
 * in one sentence why it failed.
 */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { standInDevEnv } from './dev-env';
import { plainFailure } from './plain-failure';

/** How a command was called: its options, and the words beside them. */
type Call<O extends ParseArgsOptionsConfig> = {
  readonly values: ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>['values'];
  readonly words: readonly string[];
};

type Command<O extends ParseArgsOptionsConfig> = {
  readonly help: string;
  readonly options?: O;
  /** What is said before an error that is not ours. */
  readonly failure: string;
  /** The exit code of a failure, where 1 says something else. */
  readonly failureCode?: number;
  /** @returns the exit code: 0 done, 1 something is wrong. @throws NotUnderstood */
  readonly run: (call: Call<O>) => Promise<number>;
};

/** A command was called in a way that it has no meaning for: its help follows, and the exit code is 2. */
export class NotUnderstood extends Error {
  /** @param question what is asked of somebody who said nothing. */
  constructor(words: readonly string[], question: string) {
    super(words.length > 0 ? `This is not understood: ${words.join(' ')}.` : question);
  }
}

/**
 * Runs a command as it was called, in the environment's house or in that of `npm run dev` and `npm run demo`, and ends the
 * process: a store that is away would be asked again for as long as it lives.
 */
export async function runCommand<const O extends ParseArgsOptionsConfig>(command: Command<O>): Promise<never> {
  process.exit(await codeOf(command));
}

async function codeOf<const O extends ParseArgsOptionsConfig>(command: Command<O>): Promise<number> {
  const { help, failure, failureCode = 1 } = command;
  try {
    const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (values.help) {
      console.log(help);
      return 0;
    }
    standInDevEnv();
    return await command.run({ values: values as Call<O>['values'], words: positionals });
  } catch (error) {
    const isUsage = error instanceof NotUnderstood || String(Object(error).code).startsWith('ERR_PARSE_ARGS');
    console.error(isUsage ? `${(error as Error).message}\n\n${help}` : plainFailure(error, failure));
    return isUsage ? 2 : failureCode;
  }
}
