// What a server is: its backbone, its limits.

import { elementCount } from '../format/index.js';
import type { Info } from '../server/index.js';
import { tasksOf } from '../weights/checkpoint/fitting.js';
import { version } from '../weights/store/adapter-folder.js';
import type { Backbone } from '../weights/store/backbone.js';
import { LIMITS } from './files/limits.js';

export function infoOf({ info, config, arrays, sha256, bytes }: Backbone, canTrain: boolean): Info {
  const parts = [...arrays.keys()].filter((path) => config.decoder || !path.startsWith('text_decoder.'));
  return {
    version,
    backbone: {
      ...{ name: info.name, sha256, bytes, imageSize: config.vision.imageSize },
      parameters: [...arrays.values()].reduce((sum, { shape }) => sum + elementCount(shape), 0),
      tasks: [...tasksOf(parts)],
    },
    limits: LIMITS,
    canTrain,
  };
}
