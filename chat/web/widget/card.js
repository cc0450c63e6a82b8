// The card of one answer, word for word what the page shows. Whatever comes from outside goes in as text nodes,
// so no document, question or model can bring an element to life.

// An element with properties (attributes for what is none) and children; strings become text.
const make = (tag, properties = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter(Boolean));
  return node;
};

// An icon drawn from one path; it says nothing that its button does not say in words.
const icon = (path) => {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  picture.append(document.createElementNS(space, "path"));
  picture.firstChild.setAttribute("d", path);
  return picture;
};

// The verdict at a glance: [words, tone].
const badgeOf = (answer, texts) => {
  if (answer.status === "conflicting") return [texts.disagree, "conflict"];
  if (answer.verdict === "lead" && answer.owners.length) return [texts.leads(answer.owners), "lead"];
  if (answer.verdict === "shared" && answer.owners.length) return [texts.shared(answer.owners), "shared"];
  if (answer.verdict === "not_covered") return [texts.uncovered, "not-covered"];
  return [texts.info, "info"];
};

// The roles as [heading, names] pairs.
const rolesOf = ({ status, owners, supporting }, texts) => {
  const pairs = [];
  if (owners.length && status === "conflicting") pairs.push([texts.sides, joined(owners, texts.or)]);
  else if (owners.length) pairs.push([owners.length > 1 ? texts.owners : texts.owner, joined(owners, texts.and)]);
  if (supporting.length) pairs.push([texts.supporting, joined(supporting, texts.and)]);
  return pairs;
};

// The statements in words of their own: one that only repeats the quotes it cites is left out, they are shown anyway.
const bare = (text) => text.replace(/[“”"]/g, " ").split(/\s+/).filter(Boolean).join(" ");
const toldIn = ({ statements, citations }) => {
  const quotes = new Map(citations.map((citation) => [citation.number, citation.quote]));
  const all = (numbers) => numbers.map((number) => quotes.get(number) ?? "").join(" ");
  return statements.filter((said) => !(said.citations.length && bare(said.text) === bare(all(said.citations))));
};

// "2018-07-09", or the part of a date that is known, as people write it; anything else unchanged.
const dayOf = (published, language) => {
  if (!/^\d{4}(-\d{2}){0,2}$/.test(published)) return published;
  const whole = (published + "-01-01").slice(0, 10);
  const date = new Date(`${whole}T00:00Z`);
  if (isNaN(date) || date.toISOString().slice(0, 10) !== whole) return published;
  const parts = [["year", "numeric"], ["month", "long"], ["day", "numeric"]].slice(0, published.split("-").length);
  const tag = language.startsWith("en") ? "en-GB" : language;
  return new Intl.DateTimeFormat(tag, { ...Object.fromEntries(parts), timeZone: "UTC" }).format(date);
};

// The address of a citation at our server; "" for what would lead anywhere else.
const addressOf = (url, server) => {
  if (!/^\/(?![/\\])/.test(url)) return "";
  const address = new URL(url.slice(1), server);
  return address.href.startsWith(server) ? address.href : "";
};

const link = (citation, { texts, server }, properties, ...children) => {
  const href = addressOf(citation.url, server);
  const tab = { target: "_blank", rel: "noopener" };
  return href ? make("a", { href, ...tab, ...properties }, ...children) : make("span", {}, ...children);
};

// The small number behind a statement. Its brackets are there for those who copy the text.
const markOf = (citation, scene) => {
  const hint = `${scene.texts.source(citation.number, citation.title)} ${scene.texts.newTab}`;
  const bracket = (sign) => make("span", { className: "copied" }, sign);
  const number = String(citation.number);
  return link(citation, scene, { className: "mark", title: citation.title, "aria-label": hint },
    bracket("["), number, bracket("]"));
};

const entryOf = (citation, scene, numbered) => {
  const { texts, language } = scene;
  const about = [
    make("bdi", { className: "title" }, citation.title),
    citation.label && make("bdi", {}, citation.label),
    citation.publisher && make("bdi", {}, citation.publisher),
    citation.published && make("time", {}, dayOf(citation.published, language)),
  ].filter(Boolean);
  const spaced = about.flatMap((part, place) => (place ? [" · ", part] : [part]));
  const hint = `${texts.open}: ${citation.title} ${texts.newTab}`;
  return make("li", {},
    numbered && make("span", { className: "number" }, String(citation.number)),
    make("blockquote", { dir: "auto" }, `“${citation.quote}”`),
    make("p", { className: "about" }, ...spaced, " ",
      link(citation, scene, { className: "open", "aria-label": hint }, texts.open)));
};

const evidence = (heading, citations, scene, numbered) =>
  citations.length &&
  make("div", { className: numbered ? "evidence" : "evidence loose" },
    make("p", { className: "small" }, heading),
    make("ol", {}, ...citations.map((citation) => entryOf(citation, scene, numbered))));

// The whole card. `answer` has the API's shape; one that is still being written has no verdict yet.
const cardOf = (answer, scene) => {
  const { texts } = scene;
  const numbers = new Map(answer.citations.map((citation) => [citation.number, citation]));
  const [words, tone] = answer.verdict ? badgeOf(answer, texts) : [texts.looking, "waiting"];
  const note = answer.status === "partial" && texts.partial;
  const roles = rolesOf(answer, texts).map(([heading, names]) =>
    make("div", {}, make("dt", {}, heading), make("dd", { dir: "auto" }, names)));
  const statements = toldIn(answer).map((said) => {
    // The last word holds on to the marks, so that no line begins with one.
    const [, head, tail] = /^([^]*?\s?)(\S*\s*)$/.exec(said.text);
    const marks = said.citations.filter((number) => numbers.has(number)).map((n) => markOf(numbers.get(n), scene));
    return make("p", { className: "statement", dir: "auto" }, head, make("span", { className: "tail" }, tail, ...marks));
  });
  return make("div", { className: `card ${tone}` },
    make("p", { className: "verdict" },
      make("strong", { className: "badge", dir: "auto" }, words), note && " ", note && make("span", { className: "note" }, note)),
    answer.notice && make("p", { className: "notice", dir: "auto" }, answer.notice),
    roles.length && make("dl", {}, ...roles),
    answer.asked && answer.asked !== answer.question &&
      make("p", { className: "asked" }, `${texts.understood} `, make("q", { dir: "auto" }, answer.asked)),
    ...statements,
    answer.reason && make("p", { className: "reason" }, make("strong", {}, texts.why), " ", make("bdi", {}, answer.reason)),
    evidence(texts.quotes, answer.citations, scene, true),
    evidence(texts.nearest, answer.nearest, scene, false));
};

// The answer in one breath, for a screen reader: once, when it is whole.
const spokenOf = (answer, { texts }) => {
  const [words] = badgeOf(answer, texts);
  const said = toldIn(answer).map((statement) => statement.text);
  const quoted = said.length ? said : answer.citations.map((citation) => citation.quote);
  const shown = answer.citations.length || answer.nearest.length;
  return [`${words}.`, answer.notice, ...quoted, answer.verdict === "not_covered" && answer.reason, texts.sources(shown)]
    .filter(Boolean).join(" ");
};

// The answer as plain text with its sources, to be pasted elsewhere.
const plainOf = (answer, { texts, language, server }) => {
  const source = (citation, mark) =>
    [`${mark} “${citation.quote}”`, citation.title, citation.label, citation.publisher,
      dayOf(citation.published, language), addressOf(citation.url, server)].filter(Boolean).join(", ");
  return [
    answer.asked || answer.question,
    badgeOf(answer, texts)[0],
    ...rolesOf(answer, texts).map(([heading, names]) => `${heading}: ${names}`),
    ...toldIn(answer).map((said) => said.text + said.citations.map((number) => ` [${number}]`).join("")),
    answer.notice,
    ...answer.citations.map((citation) => source(citation, `[${citation.number}]`)),
    answer.nearest.length && `${texts.nearest}:`,
    ...answer.nearest.map((citation) => source(citation, "-")),
  ].filter(Boolean).join("\n");
};
