// What a client is told: where the server is, the token, and how to reach it.

export interface ClientOptions {
  /** Of the server, such as `http://127.0.0.1:3000`. Default: where the page is from. */
  readonly url?: string;
  /** What the server was started with. Pages of the server itself have it in a cookie. */
  readonly token?: string;
  /** Default: the platform's own. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** Which picture of an image or clip. */
export interface PictureChoice {
  /** Longer side in pixels, default 320. */
  readonly size?: number;
  /** Which of `frames` frames of a clip, from 0. */
  readonly frame?: number;
  readonly frames?: number;
}
