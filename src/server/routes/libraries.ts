// Libraries, their items, and the files and pictures of items.

import { z } from 'zod';
import {
  itemsQuerySchema,
  itemsSchema,
  libraryItemSchema,
  librarySchema,
  nameSchema,
  pictureQuerySchema,
} from '../schema/index.js';
import { FILE_ANSWERS, mediaResponse, PICTURE_ANSWERS, pictureResponse } from './media.js';
import { json, type Route, route, says } from './route.js';

const libraryParams = z.object({ library: nameSchema });
const itemParams = z.object({ library: nameSchema, item: z.string().describe('Its id.') });

/** The file behind an id may be replaced by another one: it is asked again whether it is still the same. */
const FILE_CACHE = 'private, no-cache';
/** Pictures come by the dozen, again with every search. */
const PICTURE_CACHE = 'private, max-age=60';

export const libraryRoutes: readonly Route[] = [
  route(
    {
      ...{ method: 'get', path: '/v1/libraries', name: 'libraries', group: 'Libraries' },
      about: 'All libraries, and how far they are indexed',
      answers: [says(z.array(librarySchema), 'The libraries.')],
    },
    async ({ service }) => json(await service.libraries()),
  ),
  route(
    {
      ...{ method: 'get', path: '/v1/libraries/{library}/items', name: 'items', group: 'Libraries' },
      about: 'Images and clips of a library, page by page',
      params: libraryParams,
      query: itemsQuerySchema,
      answers: [says(itemsSchema, 'One page.')],
    },
    async ({ service, params, query }) => json(await service.items(params.library, query)),
  ),
  route(
    {
      ...{ method: 'get', path: '/v1/libraries/{library}/items/{item}', name: 'item', group: 'Libraries' },
      about: 'One image or clip',
      params: itemParams,
      answers: [says(libraryItemSchema, 'The item.')],
    },
    async ({ service, params }) => json(await service.item(params.library, params.item)),
  ),
  route(
    {
      ...{ method: 'get', path: '/v1/libraries/{library}/items/{item}/media', name: 'itemMedia', group: 'Libraries' },
      about: 'Its file, whole or in part',
      params: itemParams,
      answers: FILE_ANSWERS,
      refusals: [416],
    },
    (asked) => mediaResponse(asked, asked.params, FILE_CACHE),
  ),
  route(
    {
      ...{
        method: 'get',
        path: '/v1/libraries/{library}/items/{item}/picture',
        name: 'itemPicture',
        group: 'Libraries',
      },
      about: 'A small picture of it',
      params: itemParams,
      query: pictureQuerySchema,
      answers: PICTURE_ANSWERS,
    },
    (asked) => pictureResponse(asked, asked.params, PICTURE_CACHE),
  ),
];
