// What was dropped: files, and those in folders that were dropped.

/** @param transfer  of a drop; read at once, since it is empty after the event */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly File[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const plain = [...transfer.files];
  if (!entries.some(({ isDirectory }) => isDirectory)) return plain;
  return (await Promise.all(entries.map(filesIn))).flat();
}

async function filesIn(entry: FileSystemEntry): Promise<readonly File[]> {
  if (isFile(entry)) return [named(await new Promise<File>((resolve, reject) => entry.file(resolve, reject)), entry)];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const inner: FileSystemEntry[] = [];
  // it gives some at a time, and none at the end
  for (let some = await read(reader); some.length > 0; some = await read(reader)) inner.push(...some);
  return (await Promise.all(inner.map(filesIn))).flat();
}

const read = (reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> =>
  new Promise((resolve, reject) => reader.readEntries(resolve, reject));

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

/** Files of a folder that was chosen know their path; those of one that was dropped shall too. */
const named = (file: File, { fullPath }: FileSystemEntry): File =>
  Object.defineProperty(file, 'webkitRelativePath', { value: fullPath.slice(1) });
