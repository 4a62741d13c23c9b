// What is taken for an image or a clip in a folder that does not say; what a file really holds is found out when it is opened.

const IMAGES = ['.jpg', '.jpeg', '.png', '.webp', '.avif', '.tif', '.tiff'];
const CLIPS = ['.gif', '.mp4', '.m4v', '.mov', '.webm', '.mkv', '.avi', '.mpg', '.mpeg', '.wmv', '.flv', '.ogv'];

export const MEDIA_EXTENSIONS: ReadonlySet<string> = new Set([...IMAGES, ...CLIPS]);
