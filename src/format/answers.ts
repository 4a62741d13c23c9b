// answers.json: the answers that a model chooses from, the most common first; a flat list as BLIP's answer_list.json is.

import { z } from 'zod';
import { readDescription } from './description.js';

/** Twenty times as many as VQA v2 has different ones: each is read, kept and compared with every question’s first word. */
const MOST_ANSWERS = 2 ** 22;

const answersSchema = z.array(z.string().min(1)).max(MOST_ANSWERS);
const fileName = 'answers.json';

/** The file, if there are answers, as an entry of a folder's files. */
export function packAnswers(answers: readonly string[] | undefined): [string, Uint8Array][] {
  return answers?.length ? [[fileName, new TextEncoder().encode(`${JSON.stringify(answers)}\n`)]] : [];
}

/** What a folder's files hold of it. @throws `format` when it is no list of texts */
export function unpackAnswers(
  files: ReadonlyMap<string, Uint8Array>,
  where: string,
): { readonly answers?: readonly string[] } {
  const file = files.get(fileName);
  return file ? { answers: readAnswers(file, `${where}/${fileName}`) } : {};
}

/** Reads a list of answers. @throws `format` when it is no list of texts */
export const readAnswers = (bytes: Uint8Array, where: string): readonly string[] =>
  readDescription(answersSchema, bytes, where);
