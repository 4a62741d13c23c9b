// Texts that tell left from right: a mirrored picture would make them wrong.
import type { Item } from './item.js';

/** Words for left and right by language, in the forms in which they tell a side; whole words. */
const WORDS: Readonly<Record<string, string>> = {
  en: 'left right leftmost rightmost leftward leftwards rightward rightwards clockwise counterclockwise anticlockwise',
  de: 'links rechts linke linken linker linkes linkem rechte rechten rechter rechtes rechtem',
  fr: 'gauche gauches droite droites',
  es: 'izquierda izquierdas izquierdo izquierdos derecha derechas derecho',
  it: 'sinistra sinistro destra destro',
  pt: 'esquerda esquerdas esquerdo esquerdos direita direitas direito',
  nl: 'linker linkse rechter rechtse linksboven linksonder rechtsboven rechtsonder',
  sv: 'vänster vänstra höger högra',
  da: 'venstre højre høyre',
  fi: 'vasemmalla vasemmalle vasemman oikealla oikealle oikean',
  pl: 'lewo lewa lewej lewą lewy lewym prawo prawa prawej prawą prawy prawym',
  cs: 'vlevo vpravo doleva doprava levý levá levé pravý pravá pravé',
  ru: 'слева справа налево направо влево вправо левый левая левой левом правый правая правой правом',
  uk: 'зліва ліворуч праворуч лівий ліва лівій правий права правій',
  tr: 'solda solunda solundaki soldaki sağ sağda sağında sağındaki sağdaki',
  ro: 'stânga dreapta',
  hu: 'balra jobbra baloldali jobboldali',
  el: 'αριστερά δεξιά',
  ar: 'يسار اليسار يمين اليمين',
  he: 'שמאל ימין משמאל מימין',
  id: 'kiri kanan',
};

/** Where words have no spaces between them, or consist of two: parts of a text. */
const PARTS = ['左', '右', '왼쪽', '오른쪽', 'ซ้าย', 'ขวา', 'बाएँ', 'बाएं', 'दाएँ', 'दाएं', 'bên trái', 'bên phải'];

const KNOWN = new Set(Object.values(WORDS).flatMap((words) => words.split(' ')));

/** Whether a text says left or right, in one of the languages above. */
export function saysSides(text: string): boolean {
  const plain = text.normalize('NFC').toLowerCase();
  return (
    PARTS.some((part) => plain.includes(part)) || (plain.match(/[\p{L}\p{M}]+/gu) ?? []).some((word) => KNOWN.has(word))
  );
}

export interface Sided {
  readonly texts: number;
  /** The first of them; null where there is none. */
  readonly example: string | null;
}

/** Captions, or questions with an answer, that say left or right. */
export function sidedTexts(items: readonly Item[], of: 'captions' | 'questions'): Sided {
  let [texts, example]: [number, string | null] = [0, null];
  for (const item of items)
    for (const text of of === 'captions' ? item.captions : item.questions.map(questionText))
      if (saysSides(text)) {
        texts++;
        example ??= text;
      }
  return { texts, example };
}

const questionText = ({ question, answers }: Item['questions'][number]): string => [question, ...answers].join(' · ');
