// The contractions that the VQA evaluation completes, "dont" → "don't". Its table of words, written as stems by ending;
// entries that could never match (capitals after lower-casing, words that stay as they are) are left out.
// https://github.com/GT-Vision-Lab/VQA, PythonEvaluationTools

const words = (list: string): readonly string[] => list.split(' ');

/** Stems by what follows the apostrophe: "they" under `re` is "theyre" → "they're". */
const endings: Readonly<Record<string, readonly string[]>> = {
  ve: words('could might must not should they we what where who would you'),
  d: words('he how it someone something there they where who you'),
  ll: words('how it somebody someone something they what who why you'),
  s: words('he how somebody someone that there what when where who why'),
  re: words('there they what why you'),
};
const negated = words('ai are ca could did does do had has have is might must need ought sha should was were wo would');
const negatedHave = words('could had might should would');
const wouldHave = words('he it she somebody someone something there they we who you');

/** Spelling without all its apostrophes → spelling with them. */
export const contractions: ReadonlyMap<string, string> = new Map([
  ...Object.entries(endings).flatMap(([ending, stems]) => stems.map((x) => [x + ending, `${x}'${ending}`] as const)),
  ...negated.map((x) => [`${x}nt`, `${x}n't`] as const),
  ...negatedHave.flatMap((x) => [`${x}nt've`, `${x}n'tve`].map((bare) => [bare, `${x}n't've`] as const)),
  ...wouldHave.flatMap((x) => [`${x}d've`, `${x}'dve`].map((bare) => [bare, `${x}'d've`] as const)),
  ...["yall'd've", "y'alld've", "y'all'dve"].map((bare) => [bare, "y'all'd've"] as const),
  ...["yall'll", "y'allll"].map((bare) => [bare, "y'all'll"] as const),
  ...["ow's'at", "'ows'at", "'ow'sat"].map((bare) => [bare, "'ow's'at"] as const),
  ['yall', "y'all"],
  ['maam', "ma'am"],
  ['oclock', "o'clock"],
  ['twas', "'twas"],
  ["somebody'd", 'somebodyd'], // the table has this one the wrong way round
]);
