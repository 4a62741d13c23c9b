// Files that users send to search or ask about.

import { z } from 'zod';
import { fileBody } from '../http/body.js';
import { pictureQuerySchema, uploadSchema } from '../schema/index.js';
import { FILE_ANSWERS, mediaResponse, PICTURE_ANSWERS, pictureResponse } from './media.js';
import { json, type Route, route, says } from './route.js';

const uploadParams = z.object({ upload: z.string().describe('Its id.') });

/** What is behind the id of an upload never changes. */
const UPLOAD_CACHE = 'private, max-age=3600, immutable';

export const uploadRoutes: readonly Route[] = [
  route(
    {
      ...{ method: 'post', path: '/v1/uploads', name: 'upload', group: 'Uploads', isPatient: true },
      about: 'Takes in an image or a clip to search with or to ask about',
      more: 'The body is the file itself. It is decoded before the answer, and kept for a while.',
      body: fileBody,
      answers: [says(uploadSchema, 'It can be read.', 201)],
      refusals: [503],
    },
    async ({ service, request, body }) => {
      const upload = await service.upload(body, request.headers.get('content-type') ?? '');
      const location = `/v1/uploads/${encodeURIComponent(upload.upload)}/media`;
      return json(upload, { status: 201, headers: { location } });
    },
  ),
  route(
    {
      ...{ method: 'get', path: '/v1/uploads/{upload}/media', name: 'uploadMedia', group: 'Uploads' },
      about: 'The file, whole or in part',
      params: uploadParams,
      answers: FILE_ANSWERS,
      refusals: [416],
    },
    (asked) => mediaResponse(asked, asked.params, UPLOAD_CACHE),
  ),
  route(
    {
      ...{ method: 'get', path: '/v1/uploads/{upload}/picture', name: 'uploadPicture', group: 'Uploads' },
      about: 'A small picture of it',
      params: uploadParams,
      query: pictureQuerySchema,
      answers: PICTURE_ANSWERS,
    },
    (asked) => pictureResponse(asked, asked.params, UPLOAD_CACHE),
  ),
];
