// One question to the server, and its answer event by event.

const PATIENCE = 45_000; // milliseconds without a sign of life; the server sends one long before
const LONGEST = 4 << 20; // characters of a single event
const BODY = 60_000; // bytes of a request; the server takes 64 kB

// Why there is no answer: `kind` names its text, `seconds` says when to ask again, `detail` is the server's word.
class Trouble extends Error {
  constructor(kind, { seconds = 0, detail = "" } = {}) {
    super(kind);
    Object.assign(this, { kind, seconds, detail });
  }
}

const KINDS = { 400: "wrong", 401: "signin", 403: "refused", 413: "wrong", 422: "wrong", 429: "busy", 503: "unavailable" };

const troubleOf = (status, problem, seconds) =>
  new Trouble(KINDS[status] ?? "failed", {
    seconds: Math.min(Math.max(parseInt(seconds, 10) || 0, 0), 600),
    detail: [400, 413, 422].includes(status) && typeof problem?.detail === "string" ? problem.detail : "",
  });

// The events of a response as {name, data}.
async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await inTime(reader.read());
    if (done) return;
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop();
    if (rest.length > LONGEST) throw new Trouble("failed");
    for (const block of blocks) {
      const fields = block.split(/\r?\n/).map((line) => /^(event|data): ?(.*)$/.exec(line)).filter(Boolean);
      const of = (name) => fields.filter((field) => field[1] === name).map((field) => field[2]);
      if (of("data").length) yield { name: of("event").at(-1), data: JSON.parse(of("data").join("\n")) };
    }
  }
}

const inTime = (promise) => {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Trouble("cut")), PATIENCE)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

// The body of a request: as much of the conversation, newest turns first, as the server takes.
const bodyOf = (question, history) => {
  let turns = history.slice(-20);
  const body = () => JSON.stringify({ question, history: turns });
  while (turns.length && new TextEncoder().encode(body()).length > BODY) turns = turns.slice(2);
  return body();
};

// The events of the answer to a question. `pass(renew)` gives the token, or "" where none is needed.
async function* asked({ server, question, history, pass, signal }) {
  const send = async (token) =>
    fetch(new URL("api/ask/stream", server), {
      method: "POST",
      headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
      body: bodyOf(question, history),
      // A token says who asks; a cookie beside it could only say something else.
      credentials: token ? "omit" : "same-origin",
      cache: "no-store",
      redirect: "error",
      signal,
    });
  let finished = false;
  let broken = "unreachable";
  try {
    let response = await inTime(send(await pass(false)));
    if (response.status === 401) response = await inTime(send(await pass(true)));
    if (!response.ok) {
      throw troubleOf(response.status, await response.json().catch(() => null), response.headers.get("retry-after"));
    }
    broken = "cut";
    for await (const { name, data } of eventsOf(response)) {
      if (name === "problem") throw troubleOf(data.status, data, data.retry_after);
      yield { name, data };
      finished ||= name === "answer";
    }
    if (!finished) throw new Trouble("cut");
  } catch (error) {
    if (finished) return;
    if (signal.aborted || error instanceof Trouble) throw error;
    if (!navigator.onLine) throw new Trouble("offline");
    throw new Trouble(error instanceof SyntaxError ? "failed" : broken);
  }
}
