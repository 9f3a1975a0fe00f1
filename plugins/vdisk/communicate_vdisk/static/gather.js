// What was dropped, pasted or chosen, as files with the folder that each goes to.
// Folders are entered on the server one by one: they are made there, or found.

async function enter(folder, name, token) {
  const body = new URLSearchParams({ csrf_token: token, name });
  const answer = await fetch(`${folder}/enter`, { method: "POST", body });
  if (!answer.ok) throw new Error(answer.status === 400 ? await answer.text() : "");
  return (await answer.json()).path;
}

const listed = (reader) => new Promise((done, failed) => reader.readEntries(done, failed));
const fileOf = (entry) => new Promise((done, failed) => entry.file(done, failed));

async function* within(entry, folder, token) {
  if (entry.isFile) {
    yield { file: await fileOf(entry), folder };
    return;
  }
  const inner = await enter(folder, entry.name, token);
  const reader = entry.createReader();
  for (let some = await listed(reader); some.length; some = await listed(reader)) {
    for (const each of some) yield* within(each, inner, token);
  }
}

// Entries have to be taken while the event lasts; what is in them may be read later.
export function dropped(data, folder, token) {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return chosen([...data.files], folder, token);
  return (async function* all() {
    for (const entry of entries) yield* within(entry, folder, token);
  })();
}

export async function* chosen(files, folder, token) {
  const known = new Map([["", folder]]);
  for (const file of files) {
    const names = (file.webkitRelativePath || "").split("/").slice(0, -1);
    let path = "";
    for (const name of names) {
      const inner = `${path}/${name}`;
      if (!known.has(inner)) known.set(inner, await enter(known.get(path), name, token));
      path = inner;
    }
    yield { file, folder: known.get(path) };
  }
}
