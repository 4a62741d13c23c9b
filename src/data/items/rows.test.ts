import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leftOutText } from './left-out.js';
import { parseManifest, parseManifests } from './manifest.js';

const read = (text: string, format: 'csv' | 'jsonl' = 'csv') => {
  const { items, flaws, leftOut = [] } = parseManifest(text, format);
  return {
    captions: Object.fromEntries(items.map(({ media, captions }) => [media, captions])),
    answers: items.flatMap(({ questions }) => questions.map(({ answers }) => answers)),
    flaws: flaws.map(({ line, what }) => `${line} ${what}`),
    leftOut: leftOut.map((one) => `${one.severity} ${leftOutText(one)}`),
  };
};

test('tables are separated by commas, tabs, semicolons or bars, or as their first line says', () => {
  const expected = { captions: { 'a.jpg': ['one, two'], 'b.jpg': ['three'] }, answers: [], flaws: [], leftOut: [] };
  for (const text of [
    'image,caption\na.jpg,"one, two"\nb.jpg,three\n',
    'filepath\ttitle\na.jpg\tone, two\nb.jpg\tthree\n',
    'image;caption\r\na.jpg;one, two\r\nb.jpg;three\r\n',
    'sep=;\r\nimage;caption\r\na.jpg;one, two\r\nb.jpg;three\r\n',
    '"sep=\t"\nimage\tcaption\na.jpg\tone, two\nb.jpg\tthree',
    'image_name| comment_number| comment\na.jpg| | one, two\nb.jpg| | three',
    'image,caption\ra.jpg,"one, two"\rb.jpg,three\r',
    'File Name, Caption \na.jpg, "one, two" \nb.jpg, three',
  ])
    assert.deepEqual(read(text), expected, text);
});

test('a header that cannot be worked with is shown with the separator that was found', () => {
  const [flaw] = parseManifest('photo;text\na.jpg;x', 'csv').flaws;
  assert.equal(flaw?.got, 'photo;text (separated by ";")');
});

test('rows that are blank, and columns that are empty, cost nothing and are counted', () => {
  const { captions, flaws, leftOut } = read(',,\nimage,caption,\na.jpg,one,\n,,\nb.jpg,two\n,,,\nc.jpg,"three",,\n');
  assert.deepEqual(captions, { 'a.jpg': ['one'], 'c.jpg': ['three'] });
  assert.deepEqual(flaws, ['5 has another number of columns']);
  assert.deepEqual(leftOut, ['note 3 rows are blank: 1, 4, 6']);
});

test('several columns of captions are read; others that hold texts are named', () => {
  assert.deepEqual(read('image,caption,caption_2,Caption 3\na.jpg,one,two,three\nb.jpg,four,,\n').captions, {
    'a.jpg': ['one', 'two', 'three'],
    'b.jpg': ['four'],
  });
  assert.deepEqual(read('image,caption,caption\na.jpg,one,two\n').captions, { 'a.jpg': ['one', 'two'] });
  assert.deepEqual(read('image,caption,caption.1\na.jpg,one,one\n').captions, { 'a.jpg': ['one'] });
  const { captions, leftOut } = read('image,caption,text,width\na.jpg,one,two,64\nb.jpg,three,,64\n');
  assert.deepEqual(captions, { 'a.jpg': ['one'], 'b.jpg': ['three'] });
  assert.deepEqual(leftOut, [
    'warning 1 column of texts is not read: text (1 row), such as "two"',
    'note 1 column is not read: width (2 rows), such as "64"',
  ]);
  const json = read('{"image": "a.jpg", "caption": "one", "captions": ["two"], "alt_text": "x"}', 'jsonl');
  assert.deepEqual(json.captions, { 'a.jpg': ['one', 'two'] });
  assert.match(json.leftOut.join(), /^warning 1 column of texts is not read: alt_text/);
});

test('lists in cells are several captions and answers; one that is cut off is a flaw', () => {
  assert.deepEqual(read(`image,captions\na.jpg,"['one', ""it's two""]"\nb.jpg,"[""three"", ""four""]"\n`).captions, {
    'a.jpg': ['one', "it's two"],
    'b.jpg': ['three', 'four'],
  });
  assert.deepEqual(read(`{"image": "a.jpg", "caption": "['one', 'two']"}`, 'jsonl').captions, {
    'a.jpg': ['one', 'two'],
  });
  const asked = `image,question,answers\na.jpg,what,"['net', 'a net']"\nb.jpg,what,"[{'answer': 'cat'}, {'answer': 'dog'}]"\n`;
  assert.deepEqual(read(asked).answers, [
    ['net', 'a net'],
    ['cat', 'dog'],
  ]);
  assert.deepEqual(read(`image,caption\na.jpg,"['one', 'tw"\nb.jpg,"[music] plays"\n`), {
    captions: { 'b.jpg': ['[music] plays'] },
    ...{ answers: [], flaws: ['2 holds a list that is cut off'], leftOut: [] },
  });
  assert.deepEqual(read(`image,question,answer\na.jpg,what,"['one', 'tw"\n`).flaws, ['2 holds a list that is cut off']);
});

test('answers of annotators in columns of their own are all kept, equal ones too', () => {
  assert.deepEqual(read('image,question,answer_1,answer_2,answer_3\na.jpg,what,red,red,\n').answers, [['red', 'red']]);
});

test('numbers and truth are words as they are written', () => {
  const text = '{"image": "a.jpg", "caption": 3}\n{"image": "b.jpg", "caption": true}\n';
  assert.deepEqual(read(text, 'jsonl').captions, { 'a.jpg': ['3'], 'b.jpg': ['true'] });
  const asked = '{"image": "a.jpg", "question": "is it", "answer": false}';
  assert.deepEqual(read(asked, 'jsonl').answers, [['false']]);
});

test('an error of quotes costs its own line and none of those that follow', () => {
  const good = Array.from({ length: 200 }, (_, i) => `${i}.jpg,"caption, ${i}"`);
  const { captions, flaws } = read(
    ['image,caption', 'x.jpg,"open', ...good, 'y.jpg,5" wide', 'z.jpg,"two\nlines"'].join('\n'),
  );
  assert.equal(Object.keys(captions).length, 201);
  assert.deepEqual(captions['z.jpg'], ['two\nlines']);
  assert.deepEqual(flaws, ['2 is not CSV', '203 is not CSV']);
});

test('captions and questions in files of their own become one dataset', () => {
  const { items, flaws } = parseManifests([
    { name: 'captions.csv', format: 'csv', text: 'image,caption,split\na.jpg,one,train\nb.jpg,two,test\n' },
    { name: 'questions.csv', format: 'csv', text: 'image,question,answer\nb.jpg,what,cat\na.jpg, ,x\nc.jpg,who,me\n' },
  ]);
  assert.deepEqual(
    items.map(({ media, captions, questions, split }) => [
      media,
      captions,
      questions.map(({ answers }) => answers),
      split,
    ]),
    [
      ['a.jpg', ['one'], [], 'train'],
      ['b.jpg', ['two'], [['cat']], 'test'],
    ],
  );
  assert.deepEqual(
    flaws.map(({ source, line, what }) => [source, line, what]),
    [
      ['questions.csv', 3, 'has an empty question'],
      [undefined, 4, 'has no split, others have'],
    ],
  );
});
