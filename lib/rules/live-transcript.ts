/** Messages that are written down while the caller speaks, where the business chose that. */
import type { CallEvent } from './call-event';
import type { Instruction } from './instructions';
import { phrases } from './speech';

const name = 'message';

/** What to do next, with the session around each recording: begun behind the notice and all questions, ended after it. */
export function writtenDownLive(event: CallEvent, instructions: readonly Instruction[]): readonly Instruction[] {
  const during = instructions.flatMap((instruction): readonly Instruction[] =>
    instruction.verb === 'record'
      ? [
          { verb: 'start_transcription', name, language: phrases.en.language },
          { ...instruction, transcribe: false },
        ]
      : [instruction],
  );
  return event.kind === 'recorded' ? [{ verb: 'stop_transcription', name }, ...during] : during;
}
