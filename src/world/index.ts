export { type Atlas, type Mip, makeSprite, type Sprite } from './atlas.js';
export { type Clip, type ClipOptions, type ClipType, drawClip, reverseClip, twinClip } from './clip.js';
export { describeClip } from './clip-caption.js';
export { askClip, type ClipQuestionType } from './clip-question.js';
export { describe } from './describe.js';
export { ACTIONS, type Action, type Event } from './event.js';
export type { Ground, Rgb, Stripes } from './ground.js';
export * from './kinds.js';
export { OPPOSITE, PLACES, type Place, placeOf, type Relation, relationOf } from './layout.js';
export { type Concept, drawNaming, nameConcept, seenConcepts } from './naming.js';
export {
  type Beard,
  drawPerson,
  type Garment,
  type GarmentColour,
  type Hair,
  type HairColour,
  type Mood,
  type Person,
} from './person.js';
export { describePerson } from './person-caption.js';
export {
  askPersonClip,
  describePersonClip,
  drawPersonClip,
  type PersonClip,
  type PersonClipQuestionType,
  twinPersonClip,
} from './person-clip.js';
export { askPerson, type PersonQuestionType } from './person-question.js';
export type { AskOptions, Question } from './question.js';
export { renderFrames, renderScene } from './render.js';
export { drawScene, type Picture, type Scene, type SceneType } from './scene.js';
export { ask, type SceneQuestionType } from './scene-question.js';
export type { Size, Thing } from './thing.js';
export { type Twin, twin } from './twin.js';
export { answers, CHANCE, type QuestionType, words } from './words.js';
