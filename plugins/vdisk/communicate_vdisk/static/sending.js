// One file on its way, by tus 1.0 (https://tus.io): in parts, each of which the server confirms.
// What is confirmed is never sent again, whoever was restarted meanwhile.

const PAUSES = [1, 2, 4, 8, 15, 30]; // seconds before the next try
const PART = "application/offset+octet-stream";

const seconds = (count) => new Promise((done) => { setTimeout(done, count * 1000); });
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

export class Failed extends Error {}
export class Ended extends Error {}

export class Sending {
  // *tell* is called with the state (waiting, amount, paused, lost) whenever it changes.
  constructor({ file, folder, token, part, address = "", tell }) {
    Object.assign(this, { file, folder, token, part, address, tell });
    this.offset = 0;
    this.paused = false;
    this.stopped = false;
  }

  // Send all of it; return the address of the file, or nothing where it was held or cancelled.
  async send() {
    let tries = 0;
    let asks = Boolean(this.address); // where the upload was begun before
    while (!this.paused && !this.stopped) {
      const before = this.offset;
      try {
        if (asks) await this.#ask();
        asks = false;
        const answer = await this.#step();
        if (this.offset >= this.file.size) return answer.getResponseHeader("Content-Location");
      } catch (error) {
        if (error instanceof Failed || error instanceof Ended) throw error;
        asks = Boolean(this.address);
        if (!this.paused && !this.stopped) {
          this.tell("lost");
          await seconds(error.after ?? PAUSES[Math.min(tries, PAUSES.length - 1)]);
          tries += 1;
        }
      }
      if (this.offset > before) tries = 0;
    }
    return null;
  }

  pause() {
    this.paused = true;
    this.request?.abort();
    this.tell("paused");
  }

  // Stop for good; the server forgets what it has.
  async cancel() {
    this.stopped = true;
    this.request?.abort();
    if (this.address) await this.#request("DELETE", this.address, {}).catch(() => {});
  }

  // Ask how much has been confirmed; begin anew where nothing is known any more.
  async #ask() {
    const answer = await this.#request("HEAD", this.address, {}, null, [200, 404, 410]);
    if (answer.status !== 200) this.address = "";
    this.offset = answer.status === 200 ? Number(answer.getResponseHeader("Upload-Offset")) : 0;
  }

  // Begin, or send the next part; return the answer.
  #step() {
    if (!this.address) return this.#begin();
    const end = Math.min(this.offset + this.part, this.file.size);
    return this.#part("PATCH", this.address, { "Upload-Offset": this.offset }, end);
  }

  async #begin() {
    const { name, size, lastModified } = this.file;
    const said = `filename ${base64(name)},modified ${base64(String(lastModified))}`;
    const headers = { "Upload-Length": size, "Upload-Metadata": said };
    const address = `${this.folder}/uploads`;
    if (size <= this.part) return this.#part("POST", address, headers, size);
    const answer = await this.#request("POST", address, headers);
    this.address = new URL(answer.getResponseHeader("Location"), location).pathname;
    this.offset = Number(answer.getResponseHeader("Upload-Offset")); // it may have been begun before
    return answer;
  }

  async #part(method, address, headers, end) {
    const data = this.file.slice(this.offset, end);
    const given = data.size ? { ...headers, "Content-Type": PART } : headers;
    const answer = await this.#request(method, address, given, data, [201, 204, 409]);
    this.offset = Number(answer.getResponseHeader("Upload-Offset"));
    this.tell("amount", this.offset);
    return answer;
  }

  #request(method, address, headers, body = null, wanted = [200, 201, 204]) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const from = this.offset;
      this.request = request;
      request.open(method, address);
      const all = { "Tus-Resumable": "1.0.0", "X-CSRF-Token": this.token, Accept: "text/plain", ...headers };
      for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
      if (body) {
        request.upload.addEventListener("progress", ({ loaded }) => this.tell("amount", from + loaded));
      }
      request.addEventListener("load", () => {
        if (wanted.includes(request.status)) resolve(request);
        else reject(refusal(request));
      });
      for (const name of ["error", "abort", "timeout"]) {
        request.addEventListener(name, () => reject(new Error(name)));
      }
      request.send(body);
    });
  }
}

// What an answer means: try later, sign in, or give up with the server's words.
function refusal(request) {
  const { status } = request;
  const plain = (request.getResponseHeader("Content-Type") ?? "").startsWith("text/plain");
  if (status >= 500 || status === 423 || status === 429) {
    const after = Number(request.getResponseHeader("Retry-After"));
    return Object.assign(new Error("later"), after ? { after } : {});
  }
  if (!plain && [400, 401, 403].includes(status)) return new Ended();
  return new Failed(plain ? request.responseText : "");
}
